import type { Store } from '../../cache/store.ts';
import type { RecordedTask } from '../../engine/run/recorded-tasks.ts';

/** What became of a task that ran when its driver died. Workers go on without one: they finish, publish and leave. */
export type CutOff =
  /** Its worker, or another run's, is at it. */
  | {
      readonly kind: 'computed';
      readonly task: string;
      readonly pid: number;
      readonly host: string;
      /** Of a cluster, where it is one. */
      readonly job?: string;
    }
  /** Its result stands. */
  | { readonly kind: 'finished'; readonly task: string }
  /** Nobody is at it: the next run takes it up. */
  | { readonly kind: 'open'; readonly task: string };

export async function cutOffTasks(store: Store, tasks: readonly RecordedTask[]): Promise<readonly CutOff[]> {
  const found: CutOff[] = [];
  for (const { task, state, key } of tasks) {
    if (state !== 'running' || key === undefined) continue;
    if ((await store.actions.get(key)).kind === 'found') {
      found.push({ kind: 'finished', task });
      continue;
    }
    const owner = await store.claims.owner(key);
    found.push(
      owner === undefined
        ? { kind: 'open', task }
        : {
            ...{ kind: 'computed', task, pid: owner.pid, host: owner.host },
            ...(owner.job === undefined ? {} : { job: owner.job }),
          },
    );
  }
  return found;
}
