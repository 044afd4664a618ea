import type { Plan, PlannedTask, TaskId } from './plan.ts';
import { TaskGraph } from './task-graph.ts';

/** Who has to be done before whom: an edge runs from producer to consumer, once however many inputs it feeds. */
export function buildGraph(tasks: ReadonlyMap<TaskId, PlannedTask>): TaskGraph {
  return new TaskGraph(tasks.keys(), (id) => producersOf(tasks.get(id)!));
}

/** Every instance that a task waits for, once, in the order of its inputs. */
export function producersOf(task: PlannedTask): ReadonlySet<TaskId> {
  const producers = new Set<TaskId>();
  for (const input of Object.values(task.inputs)) {
    switch (input.kind) {
      case 'artifact':
        producers.add(input.from);
        break;
      case 'gathered':
        for (const item of input.items) producers.add(item.from);
        break;
      case 'data':
    }
  }
  for (const need of task.needs) producers.add(need);
  return producers;
}

/** `ids` and everything upstream of them, in plan order. */
export function withProducers(plan: Plan, ids: Iterable<TaskId>): ReadonlySet<TaskId> {
  const found = new Set<TaskId>();
  const open = [...ids];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...plan.graph.producersOf(next));
  }
  return new Set([...plan.tasks.keys()].filter((id) => found.has(id)));
}

/**
 * For each task the cost of the dearest chain that begins with it and runs to the end of the plan: what is long goes
 * first. `cost` is in any unit, for example expected milliseconds.
 */
export function criticalPathLengths(
  plan: Plan,
  cost: (task: PlannedTask) => number,
): ReadonlyMap<TaskId, number> {
  const lengths = new Map<TaskId, number>();
  for (const id of plan.graph.topologicalOrder().toReversed()) {
    let after = 0;
    for (const next of plan.graph.consumersOf(id)) after = Math.max(after, lengths.get(next) ?? 0);
    lengths.set(id, after + cost(plan.tasks.get(id)!));
  }
  return lengths;
}
