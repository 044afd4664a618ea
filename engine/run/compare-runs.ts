import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import type { Registry } from '../contract/registry.ts';
import type { PlannedTask } from '../plan/plan.ts';
import { compareActions } from './compare-actions.ts';
import type { Difference } from './compare-actions.ts';
import type { RecordedTask } from './recorded-tasks.ts';

/** What two runs say of their tasks. */
export interface ComparedRun {
  /** By address. */
  readonly tasks: ReadonlyMap<string, RecordedTask>;
  readonly planned: ReadonlyMap<string, Partial<PlannedTask>>;
}

/** What a study's author (or a version, or the data) changed between two runs, told apart from what merely follows. */
export interface RunComparison {
  /** Addresses that only one of them has, in its order. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** One entry for each field of each task name that changed in itself, with the same values; the most instances first. */
  readonly changes: readonly StudyChange[];
  /** Tasks whose keys differ only by what they read. */
  readonly follow: readonly string[];
  /** The same key in both, and other bytes: not deterministic, or another device. */
  readonly remade: readonly string[];
  /** Both have the same result. */
  readonly same: readonly string[];
  /** One of them has no result, or its action is no longer stored. */
  readonly unknown: readonly string[];
}

export interface StudyChange extends Difference {
  /** Name of the task, without coordinates. */
  readonly name: string;
  readonly tasks: readonly string[];
}

/**
 * Compares the tasks of two runs address by address, by the actions behind their keys.
 *
 * @param readAction the action of a key as stored with its result; undefined where it is gone
 */
export async function compareRuns(request: {
  readonly before: ComparedRun;
  readonly after: ComparedRun;
  readonly registry: Registry;
  readonly readAction: (key: TaskKey) => Promise<JsonObject | undefined>;
}): Promise<RunComparison> {
  const { before, after, registry, readAction } = request;
  const changes = new Map<string, StudyChange & { readonly tasks: string[] }>();
  const follow: string[] = [];
  const remade: string[] = [];
  const same: string[] = [];
  const unknown: string[] = [];
  for (const [address, then] of before.tasks) {
    const now = after.tasks.get(address);
    if (now === undefined) continue;
    if (then.key === undefined || now.key === undefined) {
      unknown.push(address);
      continue;
    }
    if (then.key === now.key) {
      (sameOutputs(then.outputs, now.outputs) ? same : remade).push(address);
      continue;
    }
    const [one, other] = [await readAction(then.key), await readAction(now.key)];
    if (one === undefined || other === undefined) {
      unknown.push(address);
      continue;
    }
    const kind = after.planned.get(address)?.kind ?? '';
    const own = compareActions(one, other, schemaOf(registry, kind)).filter(isOwn);
    if (own.length === 0) follow.push(address);
    for (const difference of own) {
      const { field, before: was, after: is } = difference;
      const group = JSON.stringify([now.name, field, was.value ?? null, is.value ?? null]);
      const known = changes.get(group);
      if (known === undefined) changes.set(group, { ...difference, name: now.name, tasks: [address] });
      else known.tasks.push(address);
    }
  }
  return {
    removed: [...before.tasks.keys()].filter((address) => !after.tasks.has(address)),
    added: [...after.tasks.keys()].filter((address) => !before.tasks.has(address)),
    changes: [...changes.values()].sort((a, b) => b.tasks.length - a.tasks.length),
    ...{ follow, remade, same, unknown },
  };
}

/** What another task made is not the task's own; the content of a data set is. */
function isOwn({ path }: Difference): boolean {
  const [top, , form] = path;
  return top !== 'inputs' || form === 'data';
}

function sameOutputs(
  one: { readonly [output: string]: Digest },
  other: { readonly [output: string]: Digest },
): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

function schemaOf(registry: Registry, kind: string): JsonSchema {
  return registry.kinds.find((each) => each.kind === kind)?.options ?? { type: 'object' };
}
