import type { KeyedTask } from '../keys/keyer.ts';
import type { PlannedTask } from '../plan/plan.ts';
import { announceCached, announceFailed } from './announce.ts';
import type { Computed, TaskResult } from './board.ts';
import { computeTask } from './compute-task.ts';
import { keyTask, lookUp } from './key-task.ts';
import { reproduceInputs } from './reproduce.ts';
import type { RunState } from './run-state.ts';

/**
 * One task, from its key to its result: key, look up, and where nothing stands, compute (claim, run, record) in a worker.
 * `known`: its key, where that is known.
 */
export async function runTask(run: RunState, task: PlannedTask, known?: KeyedTask): Promise<TaskResult> {
  for (let first = known; ; first = undefined) {
    if (run.drained.aborted) return { kind: 'not-run' };
    const keyed = first ?? (await run.desk(() => keyTask(run, task)));
    if (keyed.kind === 'failed') return keyed;

    const { key } = keyed.keyed;
    const leader = run.flights.get(key);
    if (leader !== undefined) {
      const result = asFollower(run, task, await leader);
      if (result === undefined) continue;
      return result;
    }
    const flight = lookUpOrCompute(run, task, keyed);
    run.flights.set(key, flight);
    const computed = await flight;
    run.flights.delete(key);
    if (computed.kind !== 'inputs-missing') return computed;

    const missing = await reproduceInputs(run, task, computed.digests);
    if (missing !== undefined) return missing;
  }
}

async function lookUpOrCompute(run: RunState, task: PlannedTask, keyed: KeyedTask): Promise<Computed> {
  // What comes of it is this run's own doing, and may stand already.
  const isUnderWay = run.dispatcher.expects(keyed.keyed.key);
  const standing = isUnderWay ? undefined : await run.desk(() => lookUp(run, task, keyed));
  if (standing !== undefined) return standing;
  if (run.drained.aborted) return { kind: 'not-run' };
  return computeTask(run, task, keyed, { again: false });
}

/** What another task's way with the same key means for this one; undefined: look again. */
function asFollower(run: RunState, task: PlannedTask, leader: Computed): TaskResult | undefined {
  switch (leader.kind) {
    case 'cached':
    case 'done':
      return announceCached(run, task, leader.key, leader.outputs);
    case 'failed':
      return announceFailed(run, task, leader.failure);
    case 'inputs-missing':
      return undefined;
    case 'not-run':
    case 'blocked':
      return leader;
  }
}
