import type { PlannedTask, TaskId } from '../plan/plan.ts';
import type { Job } from '../worker/protocol.ts';

/** Jobs of tasks of a run before what they read is made: for whoever computes that, and can go on with them at once. */
export interface Drafting {
  /** Of the tasks that `accepts` would have, those that nothing is missing to but results of `made`; the most urgent first. */
  after(made: ReadonlySet<TaskId>, accepts: (task: PlannedTask) => boolean): readonly PlannedTask[];
  /**
   * A job with stand-ins for what the parts are to make; undefined where its key cannot be told yet, once they are made, without
   * waiting for something else (data that were not looked at).
   */
  draft(task: PlannedTask, parts: ReadonlyMap<TaskId, number>): Promise<Job | undefined>;
  /** The parts that the task comes after. */
  producersAmong(task: PlannedTask, parts: ReadonlyMap<TaskId, number>): readonly number[];
}
