import type { JsonObject } from '../../cache/json.ts';
import type { Place, Plan, PlannedData, PlannedTask, TaskId } from '../plan/plan.ts';
import { thawPlan } from '../plan/thaw-plan.ts';
import { frozenPlan } from './journal-writer.ts';

/**
 * A plan as text that tells nothing of this machine: its files by other names, data without its folders. The same plan gives
 * the same text.
 */
export function portablePlan(plan: Plan, nameOf: (file: string) => string): string {
  return JSON.stringify(frozenPlan(renamed(plan, nameOf), undefined));
}

/** The plan in such a text, its files where they are here; undefined where it is none, or one of a later version. */
export function openPortablePlan(text: string, fileOf: (name: string) => string): Plan | undefined {
  // Anybody may have written it: what cannot be read as a plan is none.
  try {
    const plan = thawPlan(JSON.parse(text) as JsonObject);
    return plan === undefined ? undefined : renamed(plan, fileOf);
  } catch {
    return undefined;
  }
}

function renamed(plan: Plan, rename: (file: string) => string): Plan {
  const placed = (place: Place): Place => ({ ...place, file: rename(place.file) });
  const tasks = [...plan.tasks].map(([id, task]): [TaskId, PlannedTask] => [
    id,
    { ...task, place: placed(task.place) },
  ]);
  const data = [...plan.data].map(([name, set]): [string, PlannedData] => [
    name,
    { ...set, root: undefined, place: placed(set.place) },
  ]);
  return { ...plan, file: rename(plan.file), tasks: new Map(tasks), data: new Map(data) };
}
