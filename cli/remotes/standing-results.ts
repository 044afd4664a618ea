import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Keyer } from '../../engine/keys/keyer.ts';
import { withProducers } from '../../engine/plan/graph.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import { assessPlan } from '../../engine/run/assess-plan.ts';
import { choosePlanned } from '../choose-planned.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import type { Prepared } from '../prepare.ts';

export interface StandingResults {
  /** Tasks with a result, in the plan's order. */
  readonly tasks: readonly { readonly task: TaskId; readonly key: TaskKey }[];
  /** Each key once, in the plan's order. */
  readonly results: ReadonlyMap<TaskKey, Readonly<Record<string, Digest>>>;
  /** How many of the study's tasks that were meant have none. */
  readonly lacking: number;
}

/** The results of a study that stand in a store, as far as keys can be made; undefined where no task is meant, which is said. */
export async function standingResults(request: {
  readonly ready: Prepared;
  readonly store: Store;
  readonly only: readonly string[];
  readonly io: Io;
  /** Default: one of its own. */
  readonly keyer?: Keyer;
}): Promise<StandingResults | undefined> {
  const { ready, store, io, keyer } = request;
  const { plan, registry } = ready;
  const only = choosePlanned({ plan, only: request.only, io });
  if (only === 'unmatched') return undefined;
  const wanted = withProducers(plan, only ?? plan.tasks.keys());
  const assessment = await assessPlan({
    plan,
    registry,
    store,
    deviceClass: '',
    only: wanted,
    ...(keyer === undefined ? {} : { keyer }),
  });
  for (const { task, message, hint } of assessment.problems) complain(io, `${task}: ${message}`, hint);
  const results = new Map<TaskKey, Readonly<Record<string, Digest>>>();
  const tasks: { readonly task: TaskId; readonly key: TaskKey }[] = [];
  let lacking = 0;
  for (const { task, key, outputs } of assessment.tasks.values()) {
    if (key === undefined || outputs === undefined) lacking += 1;
    else {
      results.set(key, outputs);
      tasks.push({ task, key });
    }
  }
  return { tasks, results, lacking };
}
