import type { Clock } from '../../../cache/clock.ts';

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #timers = new Set<{ readonly periodMs: number; dueMs: number; readonly action: () => void }>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return Date.UTC(2030, 0, 1) + this.#nowMs;
  }

  every(periodMs: number, action: () => void): Disposable {
    const timer = { periodMs, dueMs: this.#nowMs + periodMs, action };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => this.#timers.delete(timer) };
  }

  /** How many periodic actions are going on. */
  get timers(): number {
    return this.#timers.size;
  }

  /** As when the process hangs: what was to happen periodically happens no more. */
  stopTimers(): void {
    this.#timers.clear();
  }

  /** As when the process is stopped and goes on later: of what was to happen periodically, all that was due happens once. */
  standStill(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.dueMs > this.#nowMs) continue;
      timer.dueMs = this.#nowMs + timer.periodMs;
      timer.action();
    }
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers]
        .filter(({ dueMs }) => dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs)[0];
      if (due === undefined) break;
      this.#nowMs = due.dueMs;
      due.dueMs += due.periodMs;
      due.action();
    }
    this.#nowMs = untilMs;
  }
}
