import type { PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import type { RunEvent } from '../../engine/run/events.ts';

/**
 * Estimates how long a run still takes from what its own tasks took, or else those of earlier runs, task by task name. Says
 * nothing while a name is still to come that was never seen: a guess that jumps is worse than none.
 */
export class TimeLeft {
  readonly #names: ReadonlyMap<TaskId, string>;
  readonly #open: Map<string, number>;
  readonly #seen = new Map<string, { count: number; totalMs: number }>();
  readonly #expected: ReadonlyMap<string, number>;
  readonly #settled = new Set<TaskId>();
  #slots = 1;

  /**
   * @param tasks those that the run will settle
   * @param expectedMs task name -> what one instance took in earlier runs; gives way to what this run shows
   */
  constructor(
    tasks: Iterable<Pick<PlannedTask, 'id' | 'name'>>,
    expectedMs: ReadonlyMap<string, number> = new Map(),
  ) {
    this.#expected = expectedMs;
    this.#names = new Map([...tasks].map((task) => [task.id, task.name]));
    this.#open = new Map();
    for (const name of this.#names.values()) this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
  }

  note(event: RunEvent): void {
    if (event.kind === 'run-started') this.#slots = Math.max(1, event.slots.length);
    if (event.kind === 'task-done') {
      const name = this.#names.get(event.task);
      if (name !== undefined) {
        const seen = this.#seen.get(name) ?? { count: 0, totalMs: 0 };
        this.#seen.set(name, { count: seen.count + 1, totalMs: seen.totalMs + event.durationMs });
      }
    }
    if (event.kind === 'task-done' || event.kind === 'task-cached' || event.kind === 'task-blocked')
      this.#settle(event.task);
    if (event.kind === 'task-failed' && !event.willRetry) this.#settle(event.task);
  }

  /** Milliseconds left, or undefined where nothing honest can be said yet. */
  estimateMs(): number | undefined {
    let work = 0;
    for (const [name, open] of this.#open) {
      if (open === 0) continue;
      const seen = this.#seen.get(name);
      const each = seen === undefined ? this.#expected.get(name) : seen.totalMs / seen.count;
      if (each === undefined) return undefined;
      work += open * each;
    }
    return work / this.#slots;
  }

  #settle(task: TaskId): void {
    const name = this.#names.get(task);
    if (name === undefined || this.#settled.has(task)) return;
    this.#settled.add(task);
    this.#open.set(name, (this.#open.get(name) ?? 1) - 1);
  }
}
