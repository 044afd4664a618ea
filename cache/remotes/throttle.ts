import { setTimeout as delay } from 'node:timers/promises';
import type { SharedLine } from './shared-line.ts';

/** Waits are that long at least: timers are no more exact. */
const leastWaitMs = 2;

/**
 * Lets so many bytes go over in a second and no more, however many transfers ask. Each waits for its turn, in order. Of a line that other
 * processes share, this one takes its part.
 */
export class Throttle {
  readonly #bytesPerMs: number;
  readonly #line: Pick<SharedLine, 'hold' | 'sharers'> | undefined;
  /** Until then the line is taken. */
  #takenUntilMs = 0;

  constructor(bytesPerSecond: number, line?: Pick<SharedLine, 'hold' | 'sharers'>) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#line = line;
  }

  /** How long whoever is about to send so many bytes, or has just got them, has to wait. `nowMs` never goes back. */
  waitMs(bytes: number, nowMs: number): number {
    const beginMs = Math.max(nowMs, this.#takenUntilMs);
    this.#takenUntilMs = beginMs + (bytes * (this.#line?.sharers() ?? 1)) / this.#bytesPerMs;
    return this.#takenUntilMs - nowMs;
  }

  /** Resolves when as much time has gone by as those bytes take, or the signal is aborted. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const waitMs = this.waitMs(bytes, performance.now());
    if (waitMs < leastWaitMs) return;
    using _held = this.#line?.hold();
    try {
      await delay(waitMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
