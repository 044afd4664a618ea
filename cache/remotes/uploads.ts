import type { TaskKey } from '../digest.ts';
import type { Store } from '../store.ts';
import { pushResult } from './push-result.ts';
import type { PushedResult } from './push-result.ts';
import type { SteadyRemote } from './steady-remote.ts';

/** How many results are brought to a remote at a time. */
const resultsAtOnce = 4;

export interface UploadTally {
  readonly remote: string;
  /** Results that stand there now. */
  readonly results: number;
  /** Of those, how many stood there before. */
  readonly stood: number;
  readonly sentBlobs: number;
  readonly sentBytes: number;
  /** Results that did not get there: the remote failed, or there was no time left. */
  readonly missing: number;
}

/** Results on their way to a remote, while other things go on. What is in the way of one is told, and the others go on. */
export class Uploads {
  readonly #local: Store;
  readonly #remote: SteadyRemote;
  readonly #onTrouble: (message: string) => void;
  readonly #stop = new AbortController();
  readonly #waiting: TaskKey[] = [];
  readonly #known = new Set<TaskKey>();
  readonly #tally = { results: 0, stood: 0, sentBlobs: 0, sentBytes: 0, missing: 0 };
  #running = 0;
  #idle: () => void = () => undefined;

  constructor(parts: {
    readonly local: Store;
    readonly remote: SteadyRemote;
    readonly onTrouble: (message: string) => void;
  }) {
    this.#local = parts.local;
    this.#remote = parts.remote;
    this.#onTrouble = parts.onTrouble;
  }

  /** The key of a result that stands here. */
  add(key: TaskKey): void {
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#waiting.push(key);
    this.#next();
  }

  /** Waits until all has gone over, for so long at most; what has not is called off. */
  async finish(mostMs: number): Promise<UploadTally> {
    if (this.#running > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
        timer = setTimeout(() => this.#callOff(), Math.min(mostMs, 2 ** 31 - 1));
      });
      clearTimeout(timer);
    }
    return { remote: this.#remote.name, ...this.#tally };
  }

  #callOff(): void {
    this.#tally.missing += this.#waiting.splice(0).length;
    this.#stop.abort();
  }

  #next(): void {
    while (this.#running < resultsAtOnce) {
      const key = this.#waiting.shift();
      if (key === undefined) break;
      this.#running += 1;
      void this.#push(key).finally(() => {
        this.#running -= 1;
        this.#next();
        if (this.#running === 0) this.#idle();
      });
    }
  }

  async #push(key: TaskKey): Promise<void> {
    const parts = { local: this.#local, remote: this.#remote, signal: this.#stop.signal };
    const tally = this.#tally;
    const found = await this.#local.actions.get(key);
    const pushed = found.kind === 'found' ? await pushResult(parts, found.result) : notHere;
    switch (pushed.kind) {
      case 'pushed':
        tally.results += 1;
        tally.stood += pushed.stood ? 1 : 0;
        tally.sentBlobs += pushed.sentBlobs;
        tally.sentBytes += pushed.sentBytes;
        return;
      case 'differs':
        tally.missing += 1;
        this.#onTrouble(
          `remote '${this.#remote.name}' holds another result of ${key}, of different bytes: the first one stands there`,
        );
        return;
      case 'incomplete':
        tally.missing += 1;
        this.#onTrouble(`the result of ${key} was not brought to a remote: ${pushed.problem}`);
        return;
      case 'remote-failure':
        // Told of, once, by the remote itself.
        tally.missing += 1;
    }
  }
}

const notHere: PushedResult = { kind: 'incomplete', problem: 'it is not here any more' };
