import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeActionResult, encodeActionResult, sameOutputs } from '../action-codec.ts';
import type { ActionLookup, ActionPut, ActionResult, ActionStore, LookupOptions } from '../action-store.ts';
import type { PutOptions } from '../artifact-store.ts';
import { parseTaskKey } from '../digest.ts';
import type { TaskKey } from '../digest.ts';
import { guarded, isMissing } from '../system-error.ts';
import { askAnew } from './ask-anew.ts';
import { moveAside } from './quarantine.ts';
import { ActionIndex } from './action-index.ts';
import { markActions, shardsChangedSince } from './action-marks.ts';
import { actionPath, folderPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { TemporaryFile } from './temporary-file.ts';
import { namesIn, whileReadable } from './names-in.ts';

/** Action results as sealed records, `ac/ab/abcd…`, with copies of them in one file a shard. */
export function localActionStore(folder: StoreFolder): ActionStore {
  const index = new ActionIndex(folder);
  /** Shards of which this process has seen the latest once: what it knows of them may be a minute old by now, over NFS. */
  const seen = new Set<string>();
  return {
    peek: (key) => index.find(key),
    refresh: () => index.refresh(),
    mark: (keys) => markActions(folder, keys),
    changedSince: (mark, recordPath) => shardsChangedSince(folder, mark, recordPath),
    async get(key, options = {}) {
      const shard = key.slice(0, 2);
      const found = await getAction(folder, key, { anew: options.anew ?? !seen.has(shard) });
      seen.add(shard);
      return found;
    },
    put: (result, options) => putAction(folder, result, options),
    async *list() {
      for (const shard of await shardsOf(folder)) {
        if (yield* index.results(shard)) continue;
        for await (const key of whileReadable(keysOfShard(folder, shard))) {
          const found = await getAction(folder, key);
          if (found.kind === 'found') yield found.result;
        }
      }
    },
  };
}

/** The keys that have an entry, in no particular order. Throws system errors. */
export async function* listActionKeys(folder: StoreFolder): AsyncGenerator<TaskKey> {
  for (const shard of await namesIn(folderPath(folder, 'ac'))) yield* keysOfShard(folder, shard);
}

async function* keysOfShard(folder: StoreFolder, shard: string): AsyncGenerator<TaskKey> {
  for (const name of await namesIn(`${folderPath(folder, 'ac')}/${shard}`)) {
    const key = parseTaskKey(name);
    if (key !== undefined) yield key;
  }
}

/** None where they cannot be read. */
async function shardsOf(folder: StoreFolder): Promise<readonly string[]> {
  const path = folderPath(folder, 'ac');
  const names = await guarded(path, () => namesIn(path));
  return 'kind' in names ? [] : names;
}

function getAction(
  folder: StoreFolder,
  key: TaskKey,
  { anew = true }: LookupOptions = {},
): Promise<ActionLookup> {
  const path = actionPath(folder, key);
  return guarded(path, async () => {
    let text = readSmallFile(path);
    if (text === undefined && anew) {
      askAnew(folderPath(folder, 'ac'), dirname(path));
      text = readSmallFile(path);
    }
    if (text === undefined) return { kind: 'absent' };
    const result = decodeActionResult(text);
    if (result?.key === key) return { kind: 'found', result };
    return { kind: 'corrupt', movedTo: await moveAside(folder, path, (await stat(path)).ino) };
  });
}

function putAction(
  folder: StoreFolder,
  result: ActionResult,
  { synced = true }: PutOptions = {},
): Promise<ActionPut> {
  const target = actionPath(folder, result.key);
  const text = encodeActionResult(result);
  return guarded(target, async () => {
    for (;;) {
      // In the folder of its later name: some cluster file systems link only within one.
      using temporary = await TemporaryFile.write(folder, target.slice(0, target.lastIndexOf('/')), text);
      if (synced) temporary.syncNow();
      else temporary.leaveUnsynced();
      if (synced ? temporary.linkTo(target) : temporary.nameUnlessTaken(target)) return { kind: 'stored' };
      const existing = await getAction(folder, result.key);
      switch (existing.kind) {
        case 'found':
          return { kind: 'exists', same: sameOutputs(existing.result, result), existing: existing.result };
        case 'store-failure':
          return existing;
        case 'absent':
        case 'corrupt':
          // The place is free again.
          break;
      }
    }
  });
}

/**
 * Read at one go rather than through the thread pool: a plan asks for thousands of these few hundred bytes in a row,
 * and waiting for the pool takes thirty times as long as reading.
 */
function readSmallFile(path: string): string | undefined {
  // Most that are asked for are not there, and an error takes longer to make than a look at the name.
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
