import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { withProducers } from '../../engine/plan/graph.ts';
import { assessPlan } from '../../engine/run/assess-plan.ts';
import { choosePlanned } from '../choose-planned.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import type { Prepared } from '../prepare.ts';

export interface StandingResults {
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
}): Promise<StandingResults | undefined> {
  const { ready, store, io } = request;
  const { plan, registry } = ready;
  const only = choosePlanned({ plan, only: request.only, io });
  if (only === 'unmatched') return undefined;
  const wanted = withProducers(plan, only ?? plan.tasks.keys());
  const assessment = await assessPlan({ plan, registry, store, deviceClass: '', only: wanted });
  for (const { task, message, hint } of assessment.problems) complain(io, `${task}: ${message}`, hint);
  const results = new Map<TaskKey, Readonly<Record<string, Digest>>>();
  let lacking = 0;
  for (const { key, outputs } of assessment.tasks.values()) {
    if (key === undefined || outputs === undefined) lacking += 1;
    else results.set(key, outputs);
  }
  return { results, lacking };
}
