import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';

/**
 * For each task, the length in milliseconds of the longest chain that begins with it: what is on the critical path starts
 * first. `durationOf` answers undefined where nothing is known; such tasks count as the mean of those that are known.
 */
export function criticalPaths(
  plan: Plan,
  durationOf: (task: PlannedTask) => number | undefined,
): ReadonlyMap<TaskId, number> {
  const known = new Map<TaskId, number>();
  for (const task of plan.tasks.values()) {
    const duration = durationOf(task);
    if (duration !== undefined) known.set(task.id, duration);
  }
  const usual = known.size === 0 ? 1 : [...known.values()].reduce((sum, each) => sum + each, 0) / known.size;

  const lengths = new Map<TaskId, number>();
  for (const id of plan.graph.topologicalOrder().toReversed()) {
    let after = 0;
    for (const consumer of plan.graph.consumersOf(id)) after = Math.max(after, lengths.get(consumer) ?? 0);
    lengths.set(id, after + (known.get(id) ?? usual));
  }
  return lengths;
}
