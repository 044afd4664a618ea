import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Keyer } from '../keys/keyer.ts';
import type { Plan, TaskId } from '../plan/plan.ts';
import type { Outputs } from '../run/events.ts';
import { lockedDataName } from './lock.ts';
import type { Lock, LockedTask } from './lock.ts';
import { madeOn } from './made-on.ts';

/** What stands for a task. */
export interface StandingResult {
  readonly key: TaskKey;
  readonly outputs: Outputs;
}

export type MadeLock =
  | { readonly kind: 'made'; readonly lock: Lock }
  /** These have no result: there is nothing to write down of them. */
  | { readonly kind: 'incomplete'; readonly tasks: readonly TaskId[] };

/** Writes down what stands for each task of a plan. */
export async function makeLock(request: {
  readonly plan: Plan;
  readonly keyer: Keyer;
  readonly store: Store;
  readonly results: ReadonlyMap<TaskId, StandingResult>;
  readonly sweetspot: string;
}): Promise<MadeLock> {
  const { plan, keyer, store, results, sweetspot } = request;
  const open = [...plan.tasks.keys()].filter((id) => !results.has(id));
  if (open.length > 0) return { kind: 'incomplete', tasks: open };
  const tasks = new Map<TaskId, LockedTask>();
  const data = new Map<string, Digest>();
  const changed: TaskId[] = [];
  for (const task of plan.tasks.values()) {
    const result = results.get(task.id);
    const keyed = await keyer.key(task, (from, output) => results.get(from)?.outputs[output]);
    // Data or scripts may have changed since it ran: then what stands is not what the study says now.
    if (result === undefined || keyed.kind !== 'keyed' || keyed.keyed.key !== result.key) {
      changed.push(task.id);
      continue;
    }
    const { kind, version, options, identity } = keyed.keyed.action;
    const found = await store.actions.get(result.key);
    for (const [name, input] of Object.entries(task.inputs)) {
      const identified = keyed.data.get(name);
      if (input.kind === 'data' && identified !== undefined)
        data.set(lockedDataName(input.data, input.part), identified.digest);
    }
    tasks.set(task.id, {
      kind,
      version,
      options,
      identity,
      key: result.key,
      madeOn: found.kind === 'found' ? madeOn(found.result.provenance) : '',
      outputs: new Map(Object.entries(result.outputs)),
    });
  }
  if (changed.length > 0) return { kind: 'incomplete', tasks: changed };
  return { kind: 'made', lock: { study: plan.study, sweetspot, params: plan.params, data, tasks } };
}
