import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { ProgressReport } from '../contract/task-context.ts';
import { parseAddress } from '../plan/address.ts';
import type { JobPlace, RunEvent, TaskFailure, TaskOutput } from './events.ts';

export type RecordedState = 'cached' | 'done' | 'failed' | 'blocked' | 'running' | 'waiting' | 'pending';

/** How one task of a recorded run stands, as its events tell. */
export interface RecordedTask {
  readonly task: string;
  /** The task's name and coordinates (as text), read off its address. */
  readonly name: string;
  readonly coordinates: { readonly [axis: string]: string };
  readonly state: RecordedState;
  readonly key: TaskKey | undefined;
  readonly outputs: { readonly [output: string]: Digest };
  readonly durationMs: number | undefined;
  /** Of the last attempt that failed. */
  readonly failure: TaskFailure | undefined;
  /** Number of the attempt that runs or ran last; 0 where none began. */
  readonly attempt: number;
  /** When that attempt began, ISO 8601. */
  readonly startedAt: string | undefined;
  readonly slot: string | undefined;
  /** Process of the worker that ran it. */
  readonly pid: number | undefined;
  /** Where it ran as a job of a cluster. */
  readonly job: JobPlace | undefined;
  readonly resumed: boolean;
  /** Where what it writes can be read while it runs. */
  readonly output: TaskOutput | undefined;
  readonly progress: ProgressReport | undefined;
  /** Who else computes the same key, while this run waits for it. */
  readonly owner: string | undefined;
  /** The failed task that keeps it from running. */
  readonly blockedBy: string | undefined;
}

type Mutable<T> = { -readonly [P in keyof T]: T[P] };

/** Every task of a run by address, in plan order; those that the plan does not name follow. */
export function foldTasks(
  planned: readonly string[],
  events: Iterable<RunEvent>,
): ReadonlyMap<string, RecordedTask> {
  const tasks = new Map<string, Mutable<RecordedTask>>();
  for (const task of planned) tasks.set(task, pendingTask(task));
  for (const event of events) {
    const id = 'task' in event ? event.task : undefined;
    if (id === undefined) continue;
    let task = tasks.get(id);
    if (task === undefined) tasks.set(id, (task = pendingTask(id)));
    enter(task, event);
  }
  return tasks;
}

/** Addresses out of a frozen plan; none where its driver died before it had written one. */
export function plannedNames(plan: unknown): readonly string[] {
  if (typeof plan !== 'object' || plan === null || !('tasks' in plan) || !Array.isArray(plan.tasks))
    return [];
  return (plan.tasks as unknown[]).flatMap((task) =>
    typeof task === 'object' && task !== null && 'id' in task && typeof task.id === 'string' ? [task.id] : [],
  );
}

function pendingTask(task: string): Mutable<RecordedTask> {
  const parsed = parseAddress(task);
  const known = parsed.kind === 'address';
  return {
    task,
    name: known ? parsed.address.name : task,
    coordinates: known ? Object.fromEntries(parsed.address.coordinates) : {},
    state: 'pending',
    key: undefined,
    outputs: {},
    durationMs: undefined,
    failure: undefined,
    attempt: 0,
    startedAt: undefined,
    slot: undefined,
    pid: undefined,
    job: undefined,
    resumed: false,
    output: undefined,
    progress: undefined,
    owner: undefined,
    blockedBy: undefined,
  };
}

/** One more event of the task. A plain write: a run of 100,000 tasks has too many for copies. */
function enter(task: Mutable<RecordedTask>, event: RunEvent): void {
  switch (event.kind) {
    case 'task-keyed':
      task.key = event.key;
      break;
    case 'task-cached':
      Object.assign(task, { state: 'cached', key: event.key, outputs: event.outputs });
      break;
    case 'task-waiting':
      Object.assign(task, { state: 'waiting', key: event.key, owner: event.owner });
      break;
    case 'task-started': {
      const { key, attempt, at, slot, pid, job, resumed, output } = event;
      Object.assign(task, { state: 'running', key, attempt, startedAt: at, slot, pid, resumed, output });
      task.job = job;
      task.progress = undefined;
      break;
    }
    case 'task-progress':
      task.progress = event.progress;
      break;
    case 'task-done': {
      const { key, outputs, durationMs } = event;
      Object.assign(task, { state: 'done', key, outputs, durationMs });
      break;
    }
    case 'task-failed':
      task.state = event.willRetry ? 'pending' : 'failed';
      task.failure = event.failure;
      break;
    case 'task-blocked':
      task.state = 'blocked';
      task.blockedBy = event.by;
      break;
    case 'run-started':
    case 'data-indexed':
    case 'slot-quarantined':
    case 'warning':
    case 'draining':
    case 'run-finished':
  }
}
