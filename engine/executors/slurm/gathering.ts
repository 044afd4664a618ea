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

  takeAll(): readonly T[] {
    return this.#items.splice(0);
  }

  /** What was taken, and there is no room for yet: it goes before what came meanwhile. */
  putBack(items: readonly T[]): void {
    this.#items = [...items, ...this.#items];
  }

  /** Takes out those of which `isTaken` says so. */
  sift(isTaken: (item: T) => boolean): void {
    this.#items = this.#items.filter((item) => !isTaken(item));
  }
}
