import type { TaskKey } from '../../cache/digest.ts';
import type { PlannedTask } from '../plan/plan.ts';
import type { TaskResult } from './board.ts';
import type { Outputs, TaskFailure } from './events.ts';
import type { RunState } from './run-state.ts';

type Cached = TaskResult & { readonly kind: 'cached' };
type Done = TaskResult & { readonly kind: 'done' };
type Failed = TaskResult & { readonly kind: 'failed' };

export function announceCached(run: RunState, task: PlannedTask, key: TaskKey, outputs: Outputs): Cached {
  run.emit({ kind: 'task-cached', task: task.id, key, outputs });
  return { kind: 'cached', key, outputs };
}

export function announceDone(
  run: RunState,
  task: PlannedTask,
  key: TaskKey,
  made: { readonly outputs: Outputs; readonly durationMs: number },
): Done {
  const { outputs, durationMs } = made;
  run.emit({ kind: 'task-done', task: task.id, key, durationMs: Math.round(durationMs), outputs });
  return { kind: 'done', key, outputs };
}

/** A failure for good. One of the machine ends the run: nothing else would fare better. */
export function announceFailed(run: RunState, task: PlannedTask, failure: TaskFailure, attempt = 0): Failed {
  run.emit({ kind: 'task-failed', task: task.id, attempt, failure, willRetry: false });
  if (failure.class === 'machine') run.drain('machine');
  return { kind: 'failed', failure };
}
