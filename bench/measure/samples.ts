import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import type { Outcome } from './timed-run.ts';

/** What is measured: one run of one contestant, of one version, at one thing. */
export interface SampleId {
  readonly table: string;
  readonly what: string;
  readonly who: string;
  readonly version: string;
  readonly turn: number;
}

/** Every outcome so far, as lines of a file, so that a bench that was interrupted goes on where it was. */
export class Samples {
  readonly #file: string;
  readonly #known = new Map<string, Outcome>();
  #reused = 0;

  /** Forgets what an earlier bench has left, unless it is to be resumed. */
  constructor(file: string, resume: boolean) {
    this.#file = file;
    if (!resume) rmSync(file, { force: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8')
      .split('\n')
      .filter((each) => each !== '')) {
      const { id, outcome } = JSON.parse(line) as { readonly id: SampleId; readonly outcome: Outcome };
      this.#known.set(JSON.stringify(id), outcome);
    }
  }

  /** How many outcomes came from an earlier bench. */
  get reused(): number {
    return this.#reused;
  }

  take(id: SampleId, measure: () => Outcome): Outcome {
    const key = JSON.stringify(id);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#reused += 1;
      return known;
    }
    const outcome = measure();
    this.#known.set(key, outcome);
    if (outcome.kind !== 'failed') appendFileSync(this.#file, `${JSON.stringify({ id, outcome })}\n`);
    return outcome;
  }
}
