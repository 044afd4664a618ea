/** How often what waits is looked at, and files are. */
export const turnMs = 250;
/** A wave is complete when nothing has come for one turn, and after this long at the latest. */
const longestMs = 2_000;

/** What comes within a moment, in its order: it goes to Slurm together. */
export class Gathering<T> {
  #items: T[] = [];
  #firstCameMs = 0;
  #lastCameMs = 0;

  get length(): number {
    return this.#items.length;
  }

  add(item: T, nowMs: number): void {
    if (this.#items.length === 0) this.#firstCameMs = nowMs;
    this.#lastCameMs = nowMs;
    this.#items.push(item);
  }

  isComplete(nowMs: number): boolean {
    return nowMs - this.#lastCameMs >= turnMs || nowMs - this.#firstCameMs >= longestMs;
  }

  /** At most so many of the first. */
  take(most: number = Infinity): readonly T[] {
    return this.#items.splice(0, Math.max(0, most));
  }

  /** Takes out those of which `isTaken` says so. */
  sift(isTaken: (item: T) => boolean): void {
    this.#items = this.#items.filter((item) => !isTaken(item));
  }
}
