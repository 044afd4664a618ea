import { parseTaskKey } from '../../cache/digest.ts';
import type { TaskKey } from '../../cache/digest.ts';
import { taskId } from '../../engine/plan/plan.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import type { JobPlace, RunEvent } from '../../engine/run/events.ts';
import { sketchPlan } from '../engine/support/plans.ts';
import type { TaskSketch } from '../engine/support/plans.ts';

export const at = '2030-01-01T00:00:00.000Z';
export const key: TaskKey = parseTaskKey('a'.repeat(64))!;

export function runStarted(tasks: number, slots: readonly string[] = ['cpu:0', 'cpu:1']): RunEvent {
  return { kind: 'run-started', at, run: 'r1', study: 'tiny', tasks, slots };
}

export function started(
  task: string,
  slot = 'cpu:0',
  more: { attempt?: number; resumed?: boolean; job?: JobPlace } = {},
): RunEvent {
  return {
    kind: 'task-started',
    at,
    task: taskId(task),
    key,
    attempt: 1,
    slot,
    pid: 7,
    resumed: false,
    ...more,
  };
}

export function cached(task: string): RunEvent {
  return { kind: 'task-cached', at, task: taskId(task), key, outputs: {} };
}

export function done(task: string, durationMs = 1000): RunEvent {
  return { kind: 'task-done', at, task: taskId(task), key, durationMs, outputs: {} };
}

export function failed(
  task: string,
  options: { readonly willRetry?: boolean; readonly lastWords?: string } = {},
): RunEvent {
  const { willRetry = false, lastWords } = options;
  const failure = {
    class: 'task',
    message: 'it broke',
    ...(lastWords === undefined ? {} : { lastWords }),
  } as const;
  return { kind: 'task-failed', at, task: taskId(task), attempt: 1, failure, willRetry };
}

export function blocked(task: string, by: string): RunEvent {
  return { kind: 'task-blocked', at, task: taskId(task), by: taskId(by) };
}

/** `make@i=N` for each N below `width`, then `use@i=N` of each, then one `join` of all. */
export function layeredPlan(width: number): Plan {
  const tasks: Record<string, TaskSketch> = {};
  const all = Array.from({ length: width }, (_, i) => i);
  for (const i of all) tasks[`make@i=${i}`] = {};
  for (const i of all) tasks[`use@i=${i}`] = { inputs: { text: `make@i=${i}.text` } };
  tasks['join'] = { inputs: { all: all.map((i) => `use@i=${i}.text`) } };
  return sketchPlan({ tasks });
}
