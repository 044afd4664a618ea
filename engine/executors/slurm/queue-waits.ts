/** How many of the latest jobs are looked at. */
const lookedAt = 32;
/** Before any job has begun: what a job costs beside its work on a cluster that is not full. */
const assumedMs = 60_000;

/** How long jobs wait in the queue before they begin. */
export class QueueWaits {
  #waits: number[] = [];

  /** A job has begun after this long. */
  note(waitedMs: number): void {
    this.#waits.push(waitedMs);
    if (this.#waits.length > lookedAt) this.#waits.shift();
  }

  /** The median, in milliseconds; `waiting`: how long those have waited that have not begun, and will wait longer still. */
  usualMs(waiting: readonly number[]): number {
    const known = this.#waits.toSorted((a, b) => a - b);
    const median = known[known.length >>> 1] ?? assumedMs;
    const longer = waiting.filter((each) => each > median).toSorted((a, b) => a - b);
    return longer[longer.length >>> 1] ?? median;
  }
}
