import type { JsonObject } from '../../cache/json.ts';
import { buildGraph } from './graph.ts';
import type { Plan, PlannedData, PlannedTask } from './plan.ts';

/** A plan as a run froze it; undefined where the run never came to that, or a version that is not known wrote it. */
export function thawPlan(frozen: JsonObject): Plan | undefined {
  const { format, study, file, params, smoke, tasks, data } = frozen;
  if (format !== 1 || typeof study !== 'string' || typeof file !== 'string') return undefined;
  if (!Array.isArray(tasks) || !Array.isArray(data)) return undefined;
  // Written by this very engine, whole or not at all.
  const planned = tasks as unknown as readonly PlannedTask[];
  const sets = data as unknown as readonly PlannedData[];
  const byId = new Map(planned.map((task) => [task.id, task]));
  return {
    study,
    file,
    params: params as JsonObject,
    smoke: smoke === true,
    tasks: byId,
    graph: buildGraph(byId),
    data: new Map(sets.map((set) => [set.name, set])),
    pools: new Map(),
    leftOut: [],
  };
}
