import type { PlannedTask } from '../plan/plan.ts';

/** How long tasks are begun in a row before signals and screens have their turn. */
const sliceMs = 25;

/**
 * Tasks that have become ready, begun in the order in which they came. Most tasks of a run that is repeated end at once, and
 * each makes others ready: a loop rather than a recursion, since chains may be long.
 */
export class Arrivals {
  readonly #begin: (task: PlannedTask) => void;
  readonly #onBug: (error: unknown) => void;
  readonly #tasks: PlannedTask[] = [];

  constructor(begin: (task: PlannedTask) => void, onBug: (error: unknown) => void) {
    this.#begin = begin;
    this.#onBug = onBug;
  }

  add(task: PlannedTask): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) this.#continueSoon();
  }

  #continueSoon(): void {
    setImmediate(() => this.#beginSlice());
  }

  #beginSlice(): void {
    const untilMs = performance.now() + sliceMs;
    let begun = 0;
    try {
      // What is made ready on the way is appended.
      for (const task of this.#tasks) {
        begun++;
        this.#begin(task);
        if (performance.now() > untilMs) break;
      }
    } catch (error) {
      this.#onBug(error);
      return;
    }
    this.#tasks.splice(0, begun);
    if (this.#tasks.length > 0) this.#continueSoon();
  }
}
