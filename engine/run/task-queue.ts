import type { PlannedTask } from '../plan/plan.ts';
import type { Job } from '../worker/protocol.ts';
import type { Affinity } from './affinity.ts';
import type { AttemptEnd, JobWatch } from './attempt.ts';

/** An attempt that waits for a worker. */
export interface QueuedAttempt {
  readonly task: PlannedTask;
  readonly job: Job;
  readonly watch: JobWatch;
  /** Says which worker serves it best. */
  readonly affinity: Affinity;
  readonly end: (end: AttemptEnd | { readonly kind: 'withdrawn' }) => void;
}

/** Attempts in the order in which they are to start: by falling priority, then as they came. */
export class TaskQueue {
  readonly #priorityOf: (task: PlannedTask) => number;
  #entries: { readonly attempt: QueuedAttempt; readonly priority: number }[] = [];

  constructor(priorityOf: (task: PlannedTask) => number) {
    this.#priorityOf = priorityOf;
  }

  get length(): number {
    return this.#entries.length;
  }

  add(attempt: QueuedAttempt): void {
    const priority = this.#priorityOf(attempt.task);
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.priority ?? -Infinity) >= priority) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, { attempt, priority });
  }

  /** The first attempts, at most `count`. */
  first(count: number): readonly QueuedAttempt[] {
    return this.#entries.slice(0, count).map((entry) => entry.attempt);
  }

  /** Priority of the attempt at a position, relative to the first's: in [0, 1] where priorities are not negative. */
  relativePriority(position: number): number {
    const first = this.#entries[0]?.priority ?? 0;
    return first <= 0 ? 1 : (this.#entries[position]?.priority ?? 0) / first;
  }

  remove(attempt: QueuedAttempt): boolean {
    const index = this.#entries.findIndex((entry) => entry.attempt === attempt);
    if (index >= 0) this.#entries.splice(index, 1);
    return index >= 0;
  }

  /** Empties the queue. */
  removeAll(): readonly QueuedAttempt[] {
    return this.#entries.splice(0).map((entry) => entry.attempt);
  }

  /** To be called when priorities have changed. */
  reorder(): void {
    const attempts = this.removeAll();
    for (const attempt of attempts) this.add(attempt);
  }
}
