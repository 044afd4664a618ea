import type { Digest } from '../../cache/digest.ts';
import type { ArtifactStore } from '../../cache/artifact-store.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import type { Outputs } from './events.ts';

interface Holding {
  /** Consumers of the plan that have no result yet. */
  readonly open: Set<TaskId>;
  digest: Digest | undefined;
}

/** Drops the bytes of `keep: until-used` outputs, once every planned consumer has its result. */
export class UntilUsed {
  readonly #artifacts: ArtifactStore;
  /** `TASK OUTPUT` -> what still holds it. */
  readonly #holdings = new Map<string, Holding>();
  /** Producers of such outputs, by consumer. */
  readonly #heldBy = new Map<TaskId, OutputName[]>();
  /** How many outputs need a digest's bytes for now or for good. */
  readonly #needs = new Map<Digest, number>();
  readonly #computed = new Set<TaskId>();

  constructor(plan: Plan, artifacts: ArtifactStore) {
    this.#artifacts = artifacts;
    for (const consumer of plan.tasks.values()) {
      for (const { from, output } of artifactsRead(consumer)) {
        if (plan.tasks.get(from)?.keep[output] !== 'until-used') continue;
        const name = `${from} ${output}`;
        const holding = this.#holdings.get(name) ?? { open: new Set(), digest: undefined };
        holding.open.add(consumer.id);
        this.#holdings.set(name, holding);
        const held = this.#heldBy.get(consumer.id);
        if (held === undefined) this.#heldBy.set(consumer.id, [{ from, output }]);
        else held.push({ from, output });
      }
    }
  }

  /**
   * To be called when a task's result stands; `computed` where it was made in this run. Answers when what nobody needs any
   * more has gone; undefined: nothing has to go.
   */
  settled(task: PlannedTask, outputs: Outputs, computed: boolean): Promise<unknown> | undefined {
    const unneeded = this.#settle(task, outputs, computed);
    if (unneeded.length === 0) return undefined;
    return Promise.all(unneeded.map((digest) => this.#artifacts.drop(digest)));
  }

  #settle(task: PlannedTask, outputs: Outputs, computed: boolean): readonly Digest[] {
    const unneeded: Digest[] = [];
    if (this.#holdings.size === 0) return unneeded;
    if (computed) this.#computed.add(task.id);
    for (const [output, digest] of Object.entries(outputs)) {
      const holding = this.#holdings.get(`${task.id} ${output}`);
      if (holding !== undefined) holding.digest = digest;
      this.#needs.set(digest, (this.#needs.get(digest) ?? 0) + 1);
    }
    for (const { from, output } of this.#heldBy.get(task.id) ?? []) {
      const holding = this.#holdings.get(`${from} ${output}`);
      if (holding?.digest === undefined) continue;
      holding.open.delete(task.id);
      if (holding.open.size > 0) continue;
      const needs = (this.#needs.get(holding.digest) ?? 1) - 1;
      this.#needs.set(holding.digest, needs);
      // Where nothing was computed, nothing has come to lie there either.
      const fresh = this.#computed.has(from) || this.#computed.has(task.id);
      if (needs === 0 && fresh) unneeded.push(holding.digest);
    }
    return unneeded;
  }
}

export interface OutputName {
  readonly from: TaskId;
  readonly output: string;
}

/** Every output that a task reads, gathered ones too. */
export function artifactsRead(task: PlannedTask): readonly OutputName[] {
  return Object.values(task.inputs).flatMap((input): readonly OutputName[] => {
    if (input.kind === 'artifact') return [input];
    return input.kind === 'gathered' ? input.items : [];
  });
}
