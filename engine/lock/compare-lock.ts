import type { Digest } from '../../cache/digest.ts';
import type { Json, JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import type { KeyedTask, Keyer } from '../keys/keyer.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import { readAction } from '../keys/read-action.ts';
import { compareActions } from '../run/compare-actions.ts';
import type { DifferingValue } from '../run/compare-actions.ts';
import { sameJson } from '../study/defaults.ts';
import { lockedDataName } from './lock.ts';
import type { Lock, LockedTask } from './lock.ts';
import { madeOn } from './made-on.ts';
import type { StandingResult } from './make-lock.ts';

/** One thing in which a study is not what its lock says. */
export type LockDifference =
  | { readonly kind: 'param'; readonly param: string; readonly before?: Json; readonly after?: Json }
  | { readonly kind: 'data'; readonly data: string; readonly before?: Digest; readonly after: Digest }
  /** In the study, and not in the lock. */
  | { readonly kind: 'extra'; readonly task: TaskId }
  /** In the lock, and not in the study. */
  | { readonly kind: 'missing'; readonly task: TaskId }
  /** Its key would be another though all that it reads came out as then. Data sets have a difference of their own. */
  | { readonly kind: 'key'; readonly task: TaskId; readonly fields: readonly LockedField[] }
  /** The same key, and other bytes. */
  | {
      readonly kind: 'outputs';
      readonly task: TaskId;
      readonly outputs: readonly OutputDifference[];
      /** What they were made on, then and now. Equal: the task is not deterministic. */
      readonly madeOn: { readonly before: string; readonly after: string };
    }
  /** Its key cannot be made on this machine. */
  | { readonly kind: 'unusable'; readonly task: TaskId; readonly message: string; readonly hint?: string };

export interface LockedField {
  readonly field: string;
  readonly before: DifferingValue;
  readonly after: DifferingValue;
}

export interface OutputDifference {
  readonly output: string;
  readonly before?: Digest;
  readonly after?: Digest;
}

export interface Comparison {
  readonly plan: Plan;
  readonly lock: Lock;
  /** What is compared; all of the plan, or what `--only` leaves of it. */
  readonly wanted: ReadonlySet<TaskId>;
}

/**
 * Every difference that can be known before anything runs. A task's key is made from what the lock says of its inputs:
 * so each difference is a task's own, and what only follows from another is none.
 */
export async function compareKeys(
  request: Comparison & { readonly keyer: Keyer; readonly registry: Registry; readonly store: Store },
): Promise<readonly LockDifference[]> {
  const { plan, lock, wanted, keyer } = request;
  const differences = [...compareParams(plan.params, lock.params)];
  const seenData = new Set<string>();
  const isWhole = wanted.size === plan.tasks.size;
  for (const task of plan.tasks.values()) {
    if (!wanted.has(task.id)) continue;
    const locked = lock.tasks.get(task.id);
    if (locked === undefined) {
      differences.push({ kind: 'extra', task: task.id });
      continue;
    }
    const keyed = await keyer.key(task, (from, output) => lock.tasks.get(from)?.outputs.get(output));
    // It reads what the lock does not have: that is a difference already.
    if (keyed.kind === 'waiting') continue;
    if (keyed.kind !== 'keyed') {
      const message = keyed.kind === 'unusable' ? keyed.message : `${keyed.path}: ${keyed.detail}`;
      const hint = keyed.kind === 'unusable' && keyed.hint !== undefined ? { hint: keyed.hint } : {};
      differences.push({ kind: 'unusable', task: task.id, message, ...hint });
      continue;
    }
    if (keyed.keyed.key === locked.key) continue;
    const ofData = compareData(task, keyed, lock);
    for (const difference of ofData) {
      if (!seenData.has(difference.data)) differences.push(difference);
      seenData.add(difference.data);
    }
    const fields = await differingFields(task, locked, keyed, request);
    if (fields.length > 0) differences.push({ kind: 'key', task: task.id, fields });
    else if (ofData.length === 0) differences.push({ kind: 'key', task: task.id, fields: [otherInputs] });
  }
  if (isWhole)
    for (const task of lock.tasks.keys())
      if (!plan.tasks.has(task)) differences.push({ kind: 'missing', task });
  return differences;
}

export interface ComparedOutputs {
  readonly differences: readonly LockDifference[];
  /** Tasks whose outputs are those of the lock. */
  readonly same: number;
  /** Tasks whose key is another, only because what they read came out otherwise. */
  readonly follow: number;
  /** Tasks without a result, of which nothing can be said. */
  readonly unknown: number;
}

/** What came out, or stands, against what the lock says came out. */
export async function compareOutputs(
  request: Comparison & { readonly results: ReadonlyMap<TaskId, StandingResult>; readonly store: Store },
): Promise<ComparedOutputs> {
  const { plan, lock, wanted, results, store } = request;
  const differences: LockDifference[] = [];
  const counts = { same: 0, follow: 0, unknown: 0 };
  for (const id of plan.tasks.keys()) {
    const locked = lock.tasks.get(id);
    if (locked === undefined || !wanted.has(id)) continue;
    const result = results.get(id);
    if (result === undefined) counts.unknown += 1;
    else if (result.key !== locked.key) counts.follow += 1;
    else {
      const outputs = differingOutputs(locked, result);
      if (outputs.length === 0) counts.same += 1;
      else {
        const found = await store.actions.get(result.key);
        const after = found.kind === 'found' ? madeOn(found.result.provenance) : '';
        differences.push({ kind: 'outputs', task: id, outputs, madeOn: { before: locked.madeOn, after } });
      }
    }
  }
  return { differences, ...counts };
}

function compareParams(now: JsonObject, locked: JsonObject): readonly LockDifference[] {
  return [...new Set([...Object.keys(locked), ...Object.keys(now)])].flatMap(
    (param): readonly LockDifference[] => {
      const [before, after] = [locked[param], now[param]];
      if (sameJson(before, after)) return [];
      return [
        {
          kind: 'param',
          param,
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
        },
      ];
    },
  );
}

function compareData(
  task: PlannedTask,
  keyed: KeyedTask,
  lock: Lock,
): readonly (LockDifference & { readonly kind: 'data' })[] {
  return Object.entries(task.inputs).flatMap(([name, input]) => {
    const after = keyed.data.get(name)?.digest;
    if (input.kind !== 'data' || after === undefined) return [];
    const data = lockedDataName(input.data, input.part);
    const before = lock.data.get(data);
    if (before === after) return [];
    return [{ kind: 'data', data, after, ...(before === undefined ? {} : { before }) }];
  });
}

/** All that the lock says of it is the same; so it reads other tasks, or the same in another order. */
const otherInputs: LockedField = {
  field: 'inputs',
  before: { value: 'those of then', isDefault: false },
  after: { value: 'other ones, or in another order', isDefault: false },
};

/** Why the key is another, field by field: by the action itself where this store has it, else by what the lock says of it. */
async function differingFields(
  task: PlannedTask,
  locked: LockedTask,
  keyed: KeyedTask,
  { registry, store }: { readonly registry: Registry; readonly store: Store },
): Promise<readonly LockedField[]> {
  const options = registry.kinds.find((each) => each.kind === task.kind)?.options ?? {};
  const now = JSON.parse(keyed.keyed.text) as JsonObject;
  const before = (await readAction(store, locked.key)) ?? actionOf(locked, now);
  const data = new Set(Object.keys(task.inputs).filter((name) => task.inputs[name]?.kind === 'data'));
  return compareActions(before, now, options).flatMap((difference) =>
    difference.path[0] === 'inputs' && data.has(difference.path[1] ?? '')
      ? []
      : [{ field: difference.field, before: difference.before, after: difference.after }],
  );
}

/** The action as far as the lock tells it; of the inputs it does not tell more than is known now. */
function actionOf({ kind, version, options, identity }: LockedTask, now: JsonObject): JsonObject {
  // An empty identity is not written down.
  const found = identity ?? (sameJson(now['identity'], {}) ? {} : undefined);
  const { identity: _now, ...rest } = now;
  return { ...rest, kind, version, options, ...(found === undefined ? {} : { identity: found }) };
}

function differingOutputs({ outputs }: LockedTask, result: StandingResult): readonly OutputDifference[] {
  return [...new Set([...outputs.keys(), ...Object.keys(result.outputs)])].flatMap((output) => {
    const [before, after] = [outputs.get(output), result.outputs[output]];
    if (before === after) return [];
    return [
      { output, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    ];
  });
}
