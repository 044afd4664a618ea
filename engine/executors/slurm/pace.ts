/** What the controller is spared: at most so many submissions a minute, and a growing pause after each refusal. */
export class Pace {
  readonly #perMinute: number;
  readonly #longestPauseMs: number;
  /** When the submissions of the last minute were made. */
  #recent: number[] = [];
  #refusals = 0;
  #pausedUntilMs = -Infinity;

  constructor(limits: { readonly perMinute: number; readonly longestPauseMs?: number }) {
    this.#perMinute = limits.perMinute;
    this.#longestPauseMs = limits.longestPauseMs ?? 5 * 60_000;
  }

  get refusals(): number {
    return this.#refusals;
  }

  /** Whether one more may be made now. */
  allows(nowMs: number): boolean {
    this.#recent = this.#recent.filter((each) => nowMs - each < 60_000);
    return nowMs >= this.#pausedUntilMs && this.#recent.length < this.#perMinute;
  }

  submitted(nowMs: number): void {
    this.#recent.push(nowMs);
    this.#refusals = 0;
  }

  /** Answers for how long nothing is tried. */
  refused(nowMs: number): number {
    this.#recent.push(nowMs);
    const pauseMs = Math.min(this.#longestPauseMs, 2_000 * 2 ** this.#refusals);
    this.#refusals++;
    this.#pausedUntilMs = nowMs + pauseMs;
    return pauseMs;
  }
}
