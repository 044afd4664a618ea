import type { ActionsMark } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import { folderStamp, isSettled } from './folder-stamp.ts';
import { folderPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';

/** The shards of `ac/` that hold some results, each with the stamp of its folder. */
export function markActions(folder: StoreFolder, keys: Iterable<TaskKey>): ActionsMark {
  const mark: { [shard: string]: string } = {};
  for (const key of keys) {
    const shard = key.slice(0, 2);
    mark[shard] ??= folderStamp(`${folderPath(folder, 'ac')}/${shard}`) ?? '';
  }
  return mark;
}

/** Shards in which something may have been added, taken away or replaced since the mark was written to `recordPath`. */
export function shardsChangedSince(
  folder: StoreFolder,
  mark: ActionsMark,
  recordPath: string,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [shard, stamp] of Object.entries(mark)) {
    const now = folderStamp(`${folderPath(folder, 'ac')}/${shard}`);
    if (now === undefined || now !== stamp || !isSettled(stamp, recordPath)) changed.add(shard);
  }
  return changed;
}
