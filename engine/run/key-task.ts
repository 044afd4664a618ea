import type { LookupOptions } from '../../cache/action-store.ts';
import type { StoreFailure } from '../../cache/failures.ts';
import type { KeyedTask } from '../keys/keyer.ts';
import type { PlannedTask } from '../plan/plan.ts';
import { announceCached, announceFailed } from './announce.ts';
import type { TaskResult } from './board.ts';
import type { RunState } from './run-state.ts';

/** The key, or the failure that there is none. */
export async function keyTask(
  run: RunState,
  task: PlannedTask,
): Promise<KeyedTask | (TaskResult & { readonly kind: 'failed' })> {
  const keyed = await run.keyer.key(task, (from, output) => run.board.outputOf(from, output));
  switch (keyed.kind) {
    case 'keyed':
      return keyed;
    case 'waiting':
      throw new Error(`${task.id} began before ${keyed.producer} had its result`);
    case 'unusable': {
      const hint = keyed.hint === undefined ? '' : ` (${keyed.hint})`;
      return announceFailed(run, task, { class: 'machine', message: `${keyed.message}${hint}` });
    }
    case 'store-failure':
      return machineFailed(run, task, keyed);
  }
}

export interface KnownNow {
  /** The key, where it could be made at once. */
  readonly keyed?: KeyedTask;
  /** The result, where it can be told to stand. */
  readonly standing?: TaskResult & { readonly kind: 'cached' };
}

/** What can be told of a task without waiting for anything. What is absent is not known. */
export function knownNow(run: RunState, task: PlannedTask): KnownNow {
  const keyed = run.keyer.keyNow(task, (from, output) => run.board.outputOf(from, output));
  if (keyed instanceof Promise || keyed.kind !== 'keyed') return {};
  const { key } = keyed.keyed;
  const found = run.dispatcher.expects(key) ? undefined : run.store.actions.peek(key);
  return found === undefined ? { keyed } : { keyed, standing: announceCached(run, task, key, found.outputs) };
}

/** A result that stands, or that the store cannot be read; undefined where there is neither. */
export async function lookUp(
  run: RunState,
  task: PlannedTask,
  { keyed: { key } }: KeyedTask,
  options?: LookupOptions,
): Promise<TaskResult | undefined> {
  const found = await run.store.actions.get(key, options);
  switch (found.kind) {
    case 'found':
      return announceCached(run, task, key, found.result.outputs);
    case 'absent':
      return undefined;
    case 'corrupt':
      run.emit({
        kind: 'warning',
        task: task.id,
        message: `a damaged result was moved to ${found.movedTo}; the task is computed again`,
      });
      return undefined;
    case 'store-failure':
      return machineFailed(run, task, found);
  }
}

function machineFailed(
  run: RunState,
  task: PlannedTask,
  failure: StoreFailure,
): TaskResult & { readonly kind: 'failed' } {
  return announceFailed(run, task, { class: 'machine', message: `${failure.path}: ${failure.detail}` });
}
