import type { JsonObject } from '../cache/json.ts';
import type { Store } from '../cache/store.ts';
import type { PlannedTask } from '../engine/plan/plan.ts';
import type { RunEvent } from '../engine/run/events.ts';
import { newestRun, readRun } from '../engine/run/journal.ts';
import { runFolder } from '../engine/run/run-folder.ts';
import type { RunRecord } from '../engine/run/journal.ts';
import { foldTasks, plannedNames } from '../engine/run/recorded-tasks.ts';
import type { RecordedTask } from '../engine/run/recorded-tasks.ts';

export interface RecordedRun {
  readonly record: RunRecord;
  /** In plan order. */
  readonly tasks: ReadonlyMap<string, RecordedTask>;
  readonly events: readonly RunEvent[];
  /** The plan as frozen; empty where the driver died before that. */
  readonly frozen: JsonObject;
  /** Of the frozen plan: maybe of another version's, so that nothing in it is certain. */
  readonly planned: ReadonlyMap<string, Partial<PlannedTask>>;
  /** What its driver writes, where that is a job of a cluster. */
  readonly driverOutput: string;
  /** Files of the run's record that are damaged: what they no longer tell is missing here. */
  readonly damaged: readonly string[];
}

/** The run of that name (or the latest), with its tasks in plan order; undefined where there is none. */
export async function recordedRun(store: Store, run: string | undefined): Promise<RecordedRun | undefined> {
  const name = run ?? (await newestRun(store.runsDir))?.run;
  if (name === undefined) return undefined;
  const reading = await readRun(store.runsDir, name);
  if (reading === undefined) return undefined;
  const { record, events, plan, damaged } = reading;
  const tasks = (plan as { readonly tasks?: readonly Partial<PlannedTask>[] }).tasks ?? [];
  return {
    record,
    tasks: foldTasks(plannedNames(plan), events),
    events,
    frozen: plan,
    driverOutput: runFolder(store.runsDir, name).driverOutput,
    damaged,
    planned: new Map(tasks.flatMap((task) => (task.id === undefined ? [] : [[task.id as string, task]]))),
  };
}
