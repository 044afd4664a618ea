import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import type { Durations } from './durations.ts';
import { criticalPaths } from './priorities.ts';

/**
 * In what order tasks start: by critical path. Found only when a first task has to be computed, at first by the number of
 * tasks that follow, and then by how long the like of them took before.
 */
export class StartOrder {
  readonly #plan: Plan;
  readonly #readDurations: () => Promise<Durations>;
  readonly #deviceClass: string;
  #paths: ReadonlyMap<TaskId, number> | undefined;

  constructor(plan: Plan, readDurations: () => Promise<Durations>, deviceClass: string) {
    this.#plan = plan;
    this.#readDurations = readDurations;
    this.#deviceClass = deviceClass;
  }

  priorityOf(task: PlannedTask): number {
    return this.#paths?.get(task.id) ?? 0;
  }

  /** Finds the order, once; `onBetter` is called when what is known of durations has changed it. */
  learn(onBetter: () => void): void {
    if (this.#paths !== undefined) return;
    this.#paths = criticalPaths(this.#plan, () => undefined);
    this.#readDurations().then(
      (durations) => {
        this.#paths = criticalPaths(this.#plan, ({ kind, traits }) =>
          durations.estimate({ kind, traits, deviceClass: this.#deviceClass }),
        );
        onBetter();
      },
      // A store that cannot be listed will be told by whoever needs its content; the order stays as it is.
      () => undefined,
    );
  }
}
