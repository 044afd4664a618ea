import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import { repositoryRoot } from '../support/shared.ts';

const running = 0;
const stopped = 1;
const ended = 2;

/** Nobody waits for anything but the file system: who takes longer hangs. */
const longestStepMs = 120_000;

export type Act =
  | { readonly act: 'put'; readonly of: string }
  | { readonly act: 'read'; readonly of: string }
  | { readonly act: 'collect'; readonly of: readonly string[] };

export interface ActResult {
  readonly kind: string;
  readonly text?: string;
  readonly message?: string;
}

/** A thread that acts on stores, call by call to the file system. */
class Actor {
  readonly #state = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  #result: Promise<ActResult>;

  constructor() {
    this.#worker = new Worker(new URL('./step-actor.mjs', import.meta.url), {
      workerData: { state: this.#state.buffer, dist: join(repositoryRoot, 'dist') },
    });
    this.#result = this.#message();
  }

  async ready(): Promise<void> {
    await this.#result;
  }

  begin(dir: string, act: Act): void {
    Atomics.store(this.#state, 0, running);
    this.#result = this.#message();
    this.#worker.postMessage({ dir, ...act });
    this.#settle();
  }

  get isStopped(): boolean {
    return Atomics.load(this.#state, 0) === stopped;
  }

  /** One call further. */
  step(): void {
    Atomics.store(this.#state, 0, running);
    Atomics.notify(this.#state, 0);
    this.#settle();
  }

  result(): Promise<ActResult> {
    return this.#result;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(): void {
    const outcome = Atomics.wait(this.#state, 0, running, longestStepMs);
    if (outcome === 'timed-out') throw new Error('a step does not come to its end');
    const now = Atomics.load(this.#state, 0);
    if (now !== stopped && now !== ended) throw new Error(`a thread is in state ${now}`);
  }

  async #message(): Promise<ActResult> {
    const [message] = (await once(this.#worker, 'message')) as [ActResult];
    return message;
  }
}

/** Several threads, whose calls to the file system come in an order that is given. */
export class Stepwise implements AsyncDisposable {
  readonly #actors: readonly Actor[];

  static async start(count: number): Promise<Stepwise> {
    const actors = Array.from({ length: count }, () => new Actor());
    for (const actor of actors) await actor.ready();
    return new Stepwise(actors);
  }

  private constructor(actors: readonly Actor[]) {
    this.#actors = actors;
  }

  /** Does all of it at once, to one store; `choices` say whose call is next, and for how many calls it stays with that one. */
  async together(
    dir: string,
    acts: readonly Act[],
    choices: readonly { readonly who: number; readonly calls: number }[],
  ): Promise<readonly ActResult[]> {
    const actors = acts.map((act, index) => {
      const actor = this.#actors[index];
      if (actor === undefined) throw new Error(`there are no ${acts.length} threads`);
      actor.begin(dir, act);
      return actor;
    });
    for (let turn = 0; ; turn++) {
      const waiting = actors.filter((actor) => actor.isStopped);
      if (waiting.length === 0) break;
      const { who, calls } = choices[turn % choices.length] ?? { who: 0, calls: 1 };
      const actor = waiting[who % waiting.length];
      for (let call = 0; call < calls && actor?.isStopped === true; call++) actor.step();
    }
    return await Promise.all(actors.map((actor) => actor.result()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const actor of this.#actors) await actor.close();
  }
}
