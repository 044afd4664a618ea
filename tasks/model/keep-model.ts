import type { InputArtifact } from '../../engine/contract/task-context.ts';
import { compileForward } from '../../vision/models/compile-forward.ts';
import { becomesGraph, type RowFunction, type RowsRequest } from '../../vision/tensors/index.ts';
import { loadModel, type LoadedModel } from './load-model.ts';

/** The network's logits of a batch of images; owned by the model. */
export type Forward = Pick<RowFunction, 'run'>;

/** A model that this process may keep for its next task. Disposing of it says that this task is done with it. */
export interface KeptModel extends LoadedModel {
  /** Logits, prepared for many batches (`compileForward`); stays prepared for the next task that asks for the same. */
  readonly forward: (request: RowsRequest) => Forward;
}

type Override = NonNullable<Parameters<typeof loadModel>[1]>;

/** One is kept: a member of a pool goes through its evaluations one after the other. */
let kept: Kept | undefined;

/**
 * Loads a model as `loadModel` does, or takes the one that the task before has left where it is the very same: artifacts are
 * known by their content. It stays after the task until another is asked for, or `letModelGo`. What fails ends its worker, and the model with it.
 *
 * @param override as `loadModel`'s.
 */
export async function keepModel(input: InputArtifact, override: Override = {}): Promise<KeptModel> {
  const key = JSON.stringify([input.digest, override]);
  if (kept?.key !== key || kept.isInUse) {
    letModelGo();
    const model = await loadModel(input.dir, override);
    // Again: what was asked for meanwhile.
    letModelGo();
    kept = new Kept(key, model);
  }
  return kept.lend();
}

/** Frees the model that is kept, before a task that needs the memory for its own. One in use goes when its task is done. */
export function letModelGo(): void {
  kept?.release();
  kept = undefined;
}

class Kept {
  readonly key: string;
  readonly #model: LoadedModel;
  #program: { readonly form: string; readonly forward: RowFunction } | undefined;
  #isInUse = false;
  #isReleased = false;

  constructor(key: string, model: LoadedModel) {
    this.key = key;
    this.#model = model;
  }

  get isInUse(): boolean {
    return this.#isInUse;
  }

  lend(): KeptModel {
    this.#isInUse = true;
    return {
      ...this.#model,
      forward: (request) => this.#forward(request),
      [Symbol.dispose]: () => {
        this.#isInUse = false;
        if (this.#isReleased) this.#free();
      },
    };
  }

  release(): void {
    this.#isReleased = true;
    if (!this.#isInUse) this.#free();
  }

  /** The last one made is kept: it holds the weights once more. */
  #forward(request: RowsRequest): Forward {
    const form = JSON.stringify([request.shape, becomesGraph(request)]);
    if (this.#program?.form !== form) {
      this.#program?.forward.dispose();
      this.#program = undefined;
      const { network, state } = this.#model;
      this.#program = { form, forward: compileForward(network, { state, ...request }) };
    }
    return this.#program.forward;
  }

  #free(): void {
    this.#program?.forward.dispose();
    this.#program = undefined;
    this.#model[Symbol.dispose]();
  }
}
