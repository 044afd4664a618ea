import { parseDigest, parseTaskKey } from '../digest.ts';
import type { Digest, TaskKey } from '../digest.ts';
import { namesIn } from '../local/names-in.ts';
import { folderPath } from '../local/store-folder.ts';
import type { StoreFolder } from '../store.ts';

/** Shorter beginnings name too much to be meant. */
export const shortestPrefix = 4;

/** What in a store has a name that begins so. A key may also be that of a blob: the action's. */
export interface FoundDigests {
  readonly blobs: readonly Digest[];
  readonly keys: readonly TaskKey[];
}

/** Blobs and results whose names begin with hexadecimal digits, at least `shortestPrefix` of them. */
export async function findDigests(folder: StoreFolder, prefix: string): Promise<FoundDigests> {
  if (prefix.length < shortestPrefix || !/^[0-9a-f]{1,64}$/.test(prefix)) return { blobs: [], keys: [] };
  const shard = prefix.slice(0, 2);
  const named = async (top: 'cas' | 'ac'): Promise<readonly string[]> =>
    (await namesIn(`${folderPath(folder, top)}/${shard}`)).filter((name) => name.startsWith(prefix)).sort();
  return {
    blobs: (await named('cas')).flatMap((name) => parseDigest(name) ?? []),
    keys: (await named('ac')).flatMap((name) => parseTaskKey(name) ?? []),
  };
}
