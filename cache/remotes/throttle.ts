import { setTimeout as delay } from 'node:timers/promises';

/** Waits are that long at least: timers are no more exact. */
const leastWaitMs = 2;

/** Lets so many bytes go over in a second and no more, however many transfers ask. Each waits for its turn, in order. */
export class Throttle {
  readonly #bytesPerMs: number;
  /** Until then the line is taken. */
  #takenUntilMs = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** How long whoever is about to send so many bytes, or has just got them, has to wait. `nowMs` never goes back. */
  waitMs(bytes: number, nowMs: number): number {
    const beginMs = Math.max(nowMs, this.#takenUntilMs);
    this.#takenUntilMs = beginMs + bytes / this.#bytesPerMs;
    return this.#takenUntilMs - nowMs;
  }

  /** Resolves when as much time has gone by as those bytes take, or the signal is aborted. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const waitMs = this.waitMs(bytes, performance.now());
    if (waitMs < leastWaitMs) return;
    try {
      await delay(waitMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
