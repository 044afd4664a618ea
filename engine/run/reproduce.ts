import type { Digest } from '../../cache/digest.ts';
import type { PlannedTask, TaskId } from '../plan/plan.ts';
import { announceFailed } from './announce.ts';
import type { TaskResult } from './board.ts';
import { computeTask } from './compute-task.ts';
import { keyTask } from './key-task.ts';
import type { RunState } from './run-state.ts';

/** Bytes that are gone again as soon as they are there have another cause than age. */
export const timesTried = 3;

/** Runs tasks again whose results stand, for the bytes that were lost. Answers with those that did not come to a result. */
export async function reproduceOutputs(
  run: RunState,
  tasks: ReadonlySet<TaskId>,
): Promise<ReadonlyMap<TaskId, TaskResult>> {
  const made = await Promise.all([...tasks].map(async (id) => [id, await reproduceOnce(run, id)] as const));
  return new Map(made.filter(([, { kind }]) => kind !== 'cached' && kind !== 'done'));
}

/**
 * Runs the producers of `task`'s missing inputs again for their bytes. Undefined once all are there; otherwise the task's
 * own end.
 */
export async function reproduceInputs(
  run: RunState,
  task: PlannedTask,
  missing: readonly Digest[],
): Promise<TaskResult | undefined> {
  for (const producer of producersOf(run, task, missing)) {
    const result = await reproduceOnce(run, producer);
    if (result.kind === 'not-run') return result;
    if (result.kind === 'failed' || result.kind === 'blocked') {
      run.emit({ kind: 'task-blocked', task: task.id, by: producer });
      return { kind: 'blocked', by: producer };
    }
  }
  return undefined;
}

function producersOf(run: RunState, task: PlannedTask, missing: readonly Digest[]): ReadonlySet<TaskId> {
  const gone = new Set(missing);
  const producers = new Set<TaskId>();
  for (const input of Object.values(task.inputs)) {
    if (input.kind === 'data') continue;
    for (const { from, output } of input.kind === 'artifact' ? [input] : input.items) {
      const digest = run.board.outputOf(from, output);
      if (digest !== undefined && gone.has(digest)) producers.add(from);
    }
  }
  return producers;
}

/** Several consumers may miss the same bytes at a time. */
function reproduceOnce(run: RunState, producer: TaskId): Promise<TaskResult> {
  let result = run.reproductions.get(producer);
  if (result === undefined) {
    result = reproduce(run, run.board.task(producer)).finally(() => run.reproductions.delete(producer));
    run.reproductions.set(producer, result);
  }
  return result;
}

async function reproduce(run: RunState, producer: PlannedTask): Promise<TaskResult> {
  for (let tried = 0; tried < timesTried; tried++) {
    const keyed = await keyTask(run, producer);
    if (keyed.kind === 'failed') return keyed;
    const computed = await computeTask(run, producer, keyed, { again: true });
    if (computed.kind === 'inputs-missing') {
      const failed = await reproduceInputs(run, producer, computed.digests);
      if (failed !== undefined) return failed;
      continue;
    }
    if (computed.kind === 'cached' || computed.kind === 'done') run.follow(producer, computed);
    return computed;
  }
  const message = 'its inputs were computed again, and are missing all the same';
  return announceFailed(run, producer, { class: 'machine', message });
}
