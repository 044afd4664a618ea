import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import type { PlannedTask, TaskId } from '../plan/plan.ts';
import { taskId } from '../plan/plan.ts';
import { compareActions } from './compare-actions.ts';
import type { Difference } from './compare-actions.ts';
import type { EarlierRuns } from './earlier-runs.ts';

/** The earlier action of a kind that differs least from one. */
export interface AlikeAction {
  readonly key: TaskKey;
  readonly task: TaskId;
  readonly run: string | undefined;
  readonly differences: readonly Difference[];
}

/** How many actions are read and compared. */
const mostCompared = 200;
/** How many results of other studies are gone through where this study's runs hold none of the kind. */
const mostResults = 20_000;

interface Candidate {
  readonly key: TaskKey;
  readonly task: TaskId;
  readonly run: string | undefined;
  /** How many coordinates it shares, and whether its name is the same. */
  readonly nearness: number;
}

/**
 * Of the study's earlier runs, the action of the same kind that differs in the fewest fields: instances of the same task
 * are looked at first, those at the nearest place before others; then whatever the store holds of the kind.
 */
export async function findAlike(request: {
  readonly task: PlannedTask;
  readonly now: JsonObject;
  readonly schema: JsonSchema;
  readonly runs: EarlierRuns;
  readonly store: Store;
}): Promise<AlikeAction | undefined> {
  const { now, schema, store } = request;
  let nearest: AlikeAction | undefined;
  for (const { key, task, run } of await candidates(request)) {
    const read = await store.blobs.read(key as string as Digest);
    if (read.kind !== 'found') continue;
    const action = JSON.parse(Buffer.from(read.bytes).toString('utf8')) as JsonObject;
    const differences = compareActions(action, now, schema);
    if (nearest === undefined || differences.length < nearest.differences.length)
      nearest = { key, task, run, differences };
    if (differences.length <= 1) break;
  }
  return nearest;
}

async function candidates(request: {
  readonly task: PlannedTask;
  readonly runs: EarlierRuns;
  readonly store: Store;
}): Promise<readonly Candidate[]> {
  const { task, runs, store } = request;
  const found = new Map<TaskKey, Candidate>();
  for await (const { record, tasks, planned } of runs.each()) {
    for (const other of tasks.values()) {
      if (other.key === undefined || found.has(other.key)) continue;
      if (planned.get(other.task)?.kind !== task.kind) continue;
      const shared = Object.entries(task.coordinates).filter(
        ([axis, value]) => other.coordinates[axis] === String(value),
      );
      const nearness = (other.name === task.name ? 1000 : 0) + shared.length;
      found.set(other.key, { key: other.key, task: taskId(other.task), run: record.run, nearness });
    }
    if (found.size >= mostCompared) break;
  }
  if (found.size > 0)
    return [...found.values()].sort((a, b) => b.nearness - a.nearness).slice(0, mostCompared);
  let looked = 0;
  for await (const { key, provenance } of store.actions.list()) {
    if (++looked > mostResults || found.size >= mostCompared) break;
    if (provenance.kind === task.kind)
      found.set(key, { key, task: taskId(provenance.kind), run: undefined, nearness: 0 });
  }
  return [...found.values()];
}
