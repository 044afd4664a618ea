import { digestOf } from '../../cache/digest.ts';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import { Keyer } from '../keys/keyer.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import { assessPlan } from './assess-plan.ts';
import { compareActions } from './compare-actions.ts';
import type { Difference } from './compare-actions.ts';
import { knownNames } from './known-names.ts';

export interface WhyRequest {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly task: TaskId;
}

export type WhyAnswer =
  | {
      readonly kind: 'answered';
      readonly task: TaskId;
      /** Undefined where an input's producer has no result yet. */
      readonly key: TaskKey | undefined;
      /** Whether a result stands for the key. */
      readonly cached: boolean;
      /** A producer without a result, where the key is not known for that. */
      readonly waitsFor: TaskId | undefined;
      /** The other action of the same kind that differs least; undefined where there is none. */
      readonly nearest: NearestAction | undefined;
    }
  | { readonly kind: 'unusable'; readonly message: string; readonly hint?: string };

export interface NearestAction {
  readonly key: TaskKey;
  /** When it was computed, ISO 8601. */
  readonly startedAt: string;
  /** Every field of the action that is not the same, with its value there and here. */
  readonly differences: readonly Difference[];
}

/** Why a task's key is what it is: its difference to the nearest earlier action, field by field. */
export async function why({ plan, registry, store, task: id }: WhyRequest): Promise<WhyAnswer> {
  const task = plan.tasks.get(id);
  if (task === undefined) throw new Error(`the plan has no task ${id}`);
  const { tasks, problems } = await assessPlan({ plan, registry, store, deviceClass: '', only: [id] });
  const problem = problems.find((each) => each.task === id);
  if (problem !== undefined) {
    const { message, hint } = problem;
    return { kind: 'unusable', message, ...(hint === undefined ? {} : { hint }) };
  }
  const names = await knownNames(store);
  let waitsFor: TaskId | undefined;
  const digestFor = (from: TaskId, output: string): Digest => {
    const known = tasks.get(from)?.outputs?.[output];
    if (known !== undefined) return known;
    // Stands in for a digest that nobody can know yet, so that all else can be compared.
    const unknown = digestOf(`output ${output} of ${from}, not known yet`);
    names.set(unknown, `${from}.${output}, not known before it has run`);
    waitsFor ??= from;
    return unknown;
  };
  const keyer = new Keyer({ plan, registry, store, signal: new AbortController().signal });
  const keyed = await keyer.key(task, digestFor);
  if (keyed.kind !== 'keyed') throw new Error(`${id} could be assessed but not keyed: ${keyed.kind}`);
  return {
    kind: 'answered',
    task: id,
    key: waitsFor === undefined ? keyed.keyed.key : undefined,
    cached: tasks.get(id)?.outputs !== undefined,
    waitsFor,
    nearest: await findNearest({ registry, store, names, task, ...keyed.keyed }),
  };
}

/** Of the same kind's actions, the one with the fewest differing fields; of several, one of this very task, or else the latest. */
async function findNearest(request: {
  readonly registry: Registry;
  readonly store: Store;
  readonly names: ReadonlyMap<string, string>;
  readonly task: PlannedTask;
  readonly text: string;
  readonly key: TaskKey;
}): Promise<NearestAction | undefined> {
  const { registry, store, names, task, text, key } = request;
  const here = JSON.parse(text) as JsonObject;
  const defaults = registry.kinds.find((each) => each.kind === task.kind)?.options ?? {};
  let nearest: NearestAction | undefined;
  for await (const result of store.actions.list()) {
    if (result.provenance.kind !== task.kind || result.key === key) continue;
    const action = await readAction(store, result.key);
    if (action === undefined) continue;
    const differences = compareActions(action, here, { defaults, names });
    const { startedAt } = result.provenance;
    const candidate = { key: result.key, startedAt, differences };
    if (nearest === undefined || isNearer(candidate, nearest, (each) => names.get(each.key) === task.id)) {
      nearest = candidate;
    }
  }
  return nearest;
}

function isNearer(
  one: NearestAction,
  other: NearestAction,
  isOfTask: (action: NearestAction) => boolean,
): boolean {
  if (one.differences.length !== other.differences.length) {
    return one.differences.length < other.differences.length;
  }
  if (isOfTask(one) !== isOfTask(other)) return isOfTask(one);
  return one.startedAt > other.startedAt;
}

/** Actions are blobs under their keys; one that was collected cannot be compared with. */
async function readAction(store: Store, key: TaskKey): Promise<JsonObject | undefined> {
  const read = await store.blobs.read(key as string as Digest);
  return read.kind === 'found'
    ? (JSON.parse(Buffer.from(read.bytes).toString('utf8')) as JsonObject)
    : undefined;
}
