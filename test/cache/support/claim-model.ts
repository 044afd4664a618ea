import type { ClaimFiles } from '../../../cache/local/claim-files.ts';
import { leaveClaim, takeClaim } from '../../../cache/local/claim-protocol.ts';
import type { Contender, Verdict } from '../../../cache/local/claim-protocol.ts';
import type { ClaimRecord, FoundRecord } from '../../../cache/local/claim-record.ts';

/** One thing that happens: a taker does some steps on end, is killed, or is given up by all others for its silence. */
export type Move =
  | { readonly kind: 'steps'; readonly taker: number; readonly count: number }
  | { readonly kind: 'crash'; readonly taker: number }
  | { readonly kind: 'lapse'; readonly taker: number };

export interface ModelOptions {
  readonly takers: number;
  /** How often each wants the claim and gives it back. */
  readonly rounds: number;
  /** For each entry that comes or goes while a folder is read: whether it is among those read. */
  readonly torn: readonly boolean[];
}

interface Taker {
  readonly name: string;
  /** A new one each time that it asks. */
  nonce: string;
  state: 'lives' | 'crashed' | 'finished';
  /** The number it owns, from the moment it is told so to the moment it begins to give it back. */
  owns: number | undefined;
  /** What it does next; undefined until it comes to that. */
  next: (() => void) | undefined;
  roundsLeft: number;
}

/**
 * Processes that claim one key through the algorithm that runs in production, over a folder in memory. Every call to the file
 * system and every look at whether another lives is a step, and which process takes the next one is the caller's choice.
 */
export class ClaimModel {
  readonly #files = new Map<number, ClaimRecord>();
  readonly #takers: Taker[] = [];
  readonly #options: ModelOptions;
  readonly #dead = new Set<string>();
  readonly #silent = new Set<string>();
  readonly #listings = new Set<Set<number>>();
  readonly violations: string[] = [];
  /** How often the claim was given to somebody. */
  taken = 0;
  #tears = 0;
  #nonces = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
    for (let n = 0; n < options.takers; n++) this.add(options.rounds);
  }

  /** Another one who wants the claim so often; answers who. */
  add(rounds: number): number {
    const taker: Taker = {
      name: `taker ${this.#takers.length}`,
      nonce: '',
      state: 'lives',
      owns: undefined,
      next: undefined,
      roundsLeft: rounds,
    };
    void this.#live(taker);
    return this.#takers.push(taker) - 1;
  }

  get numbers(): readonly number[] {
    return [...this.#files.keys()];
  }

  /** Those that still have something to do. */
  get busy(): readonly number[] {
    return this.#takers.flatMap(({ state }, n) => (state === 'lives' ? [n] : []));
  }

  async move(move: Move): Promise<void> {
    const taker = this.#takers[move.taker % this.#takers.length]!;
    switch (move.kind) {
      case 'steps':
        for (let n = 0; n < move.count && taker.state === 'lives'; n++) await this.#step(taker);
        break;
      case 'crash':
        if (taker.state === 'lives') taker.state = 'crashed';
        this.#dead.add(taker.nonce);
        break;
      case 'lapse':
        this.#silent.add(taker.nonce);
        break;
    }
  }

  async #step(taker: Taker): Promise<void> {
    taker.next?.();
    // Only microtasks lie between two steps of a process.
    for (let turn = 0; taker.next === undefined && taker.state === 'lives'; turn++) {
      if (turn > 100) throw new Error(`${taker.name} waits for something that is no step`);
      await Promise.resolve();
    }
    this.#check();
  }

  /** What must be true after every step. */
  #check(): void {
    const owners = this.#takers.filter(
      ({ owns, state, nonce }) => owns !== undefined && state === 'lives' && !this.#silent.has(nonce),
    );
    if (owners.length > 1)
      this.violations.push(`${owners.map(({ name }) => name).join(' and ')} own it at once`);
    for (const { name, owns, nonce } of owners) {
      if (this.#files.get(owns!)?.nonce !== nonce) this.violations.push(`the claim of ${name} was removed`);
    }
  }

  /** Asks until it is given the claim, works a step, gives it back; so many rounds. */
  async #live(taker: Taker): Promise<void> {
    while (taker.roundsLeft > 0) {
      taker.nonce = `nonce ${++this.#nonces}`;
      const contender = this.#contender(taker);
      const attempt = await takeClaim(contender);
      if (attempt.kind === 'held') continue;
      this.taken += 1;
      taker.owns = attempt.number;
      await this.#turn(taker, () => undefined);
      taker.owns = undefined;
      await leaveClaim(contender, attempt);
      taker.roundsLeft -= 1;
    }
    taker.state = 'finished';
  }

  #judge(record: FoundRecord): Verdict {
    if (typeof record === 'string' || this.#dead.has(record.nonce)) return 'dead';
    return this.#silent.has(record.nonce) ? 'silent' : 'live';
  }

  #contender(taker: Taker): Contender {
    const { name, nonce } = taker;
    return {
      own: { owner: { host: name, pid: 1 }, since: '', nonce },
      files: this.#filesFor(taker),
      judge: ({ record }) => this.#turn(taker, () => this.#judge(record)),
    };
  }

  #filesFor(taker: Taker): ClaimFiles {
    return {
      make: (number, record) =>
        this.#turn(taker, () => {
          if (this.#files.has(number)) return false;
          this.#files.set(number, record);
          for (const seen of this.#listings) seen.add(number);
          return true;
        }),
      numbers: async () => {
        // Reading a folder takes time. What is there all the while is read; of the rest any part.
        const seen = await this.#turn(taker, () => new Set(this.#files.keys()));
        const before = new Set(seen);
        this.#listings.add(seen);
        return await this.#turn(taker, () => {
          this.#listings.delete(seen);
          return [...seen].filter((n) => (before.has(n) && this.#files.has(n)) || this.#tear());
        });
      },
      read: (number) => this.#turn(taker, () => this.#files.get(number)),
      remove: (number) => this.#turn(taker, () => void this.#files.delete(number)),
    };
  }

  #tear(): boolean {
    const { torn } = this.#options;
    return torn[this.#tears++ % torn.length] ?? false;
  }

  /** Waits until it is the taker's turn, for ever if it has been killed. */
  #turn<T>(taker: Taker, action: () => T): Promise<T> {
    return new Promise((resolve) => {
      taker.next = () => {
        taker.next = undefined;
        resolve(action());
      };
    });
  }
}
