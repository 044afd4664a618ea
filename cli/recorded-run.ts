import type { Digest, TaskKey } from '../cache/digest.ts';
import type { Store } from '../cache/store.ts';
import { parseAddress } from '../engine/plan/address.ts';
import type { RunEvent, TaskFailure } from '../engine/run/events.ts';
import { listRuns, readRun } from '../engine/run/journal.ts';
import type { RunRecord } from '../engine/run/journal.ts';

/** How one task of a recorded run stands. */
export interface RecordedTask {
  readonly task: string;
  /** The task's name and coordinates (as text), read off its address. */
  readonly name: string;
  readonly coordinates: { readonly [axis: string]: string };
  readonly state: 'cached' | 'done' | 'failed' | 'blocked' | 'running' | 'waiting' | 'pending';
  readonly key: TaskKey | undefined;
  readonly outputs: { readonly [output: string]: Digest };
  readonly durationMs: number | undefined;
  readonly failure: TaskFailure | undefined;
}

export interface RecordedRun {
  readonly record: RunRecord;
  readonly tasks: ReadonlyMap<string, RecordedTask>;
  readonly events: readonly RunEvent[];
}

/** The run of that name (or the latest), with its tasks in plan order; undefined where there is none. */
export async function recordedRun(store: Store, run: string | undefined): Promise<RecordedRun | undefined> {
  const name = run ?? (await listRuns(store.runsDir))[0]?.run;
  if (name === undefined) return undefined;
  const reading = await readRun(store.runsDir, name);
  if (reading === undefined) return undefined;
  const tasks = new Map<string, RecordedTask>();
  for (const task of plannedNames(reading.plan)) tasks.set(task, pending(task));
  for (const event of reading.events) {
    if (!('task' in event)) continue;
    const before = tasks.get(event.task) ?? pending(event.task);
    tasks.set(event.task, afterEvent(before, event));
  }
  return { record: reading.record, tasks, events: reading.events };
}

function pending(task: string): RecordedTask {
  const parsed = parseAddress(task);
  const name = parsed.kind === 'address' ? parsed.address.name : task;
  const coordinates = parsed.kind === 'address' ? Object.fromEntries(parsed.address.coordinates) : {};
  return {
    task,
    name,
    coordinates,
    state: 'pending',
    key: undefined,
    outputs: {},
    durationMs: undefined,
    failure: undefined,
  };
}

function plannedNames(plan: unknown): readonly string[] {
  if (typeof plan !== 'object' || plan === null || !('tasks' in plan) || !Array.isArray(plan.tasks))
    return [];
  return (plan.tasks as unknown[]).flatMap((task) =>
    typeof task === 'object' && task !== null && 'id' in task && typeof task.id === 'string' ? [task.id] : [],
  );
}

function afterEvent(task: RecordedTask, event: RunEvent): RecordedTask {
  switch (event.kind) {
    case 'task-keyed':
      return { ...task, key: event.key };
    case 'task-cached':
      return { ...task, state: 'cached', key: event.key, outputs: event.outputs };
    case 'task-waiting':
      return { ...task, state: 'waiting', key: event.key };
    case 'task-started':
      return { ...task, state: 'running', key: event.key };
    case 'task-done':
      return { ...task, state: 'done', key: event.key, outputs: event.outputs, durationMs: event.durationMs };
    case 'task-failed':
      return { ...task, state: event.willRetry ? 'pending' : 'failed', failure: event.failure };
    case 'task-blocked':
      return { ...task, state: 'blocked' };
    default:
      return task;
  }
}
