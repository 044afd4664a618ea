import { rm, stat } from 'node:fs/promises';
import { parseTaskKey } from '../digest.ts';
import { listActionKeys } from '../local/local-action-store.ts';
import { namesIn } from '../local/names-in.ts';
import { folderPath } from '../local/store-folder.ts';
import { temporaryPrefix } from '../local/temporary-file.ts';
import { usesDir } from '../remotes/uses/use-files.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode, isMissing } from '../system-error.ts';
import { claimedKeys, clearClaims } from './old-claims.ts';
import type { Leftover } from './old-claims.ts';
import { tallyOf, tallyTree } from './tally.ts';
import type { Tally } from './tally.ts';

/** Nobody comes back to a task's claims and snapshots after this many graces. */
const abandonedGraces = 30;

export interface LeftoverOptions {
  /** Younger files may still be somebody's, by the file server's clock. */
  readonly cutoffMs: number;
  readonly graceMs: number;
  readonly dryRun: boolean;
}

/**
 * Removes what killed processes have left: files that were never published, heartbeats that stopped, claims and
 * snapshots of tasks whose result stands, or that nobody has come back to. Throws system errors.
 */
export async function removeLeftovers(folder: StoreFolder, options: LeftoverOptions): Promise<Tally> {
  const { cutoffMs, graceMs, dryRun } = options;
  const finished = new Set<string>();
  for await (const key of listActionKeys(folder)) finished.add(key);
  const limits = { finished, cutoffMs, abandonedMs: cutoffMs - abandonedGraces * graceMs };
  const claims: Leftover[] = [];
  for (const key of await claimedKeys(folder)) {
    const sinceMs = finished.has(key) ? limits.cutoffMs : limits.abandonedMs;
    claims.push(...(await clearClaims(folder, key, { sinceMs, dryRun })));
  }
  const found = [
    ...(await unpublished(folder, cutoffMs)),
    ...(await oldBeats(folder, cutoffMs)),
    ...(await oldSnapshots(folder, limits)),
  ];
  const removed: Leftover[] = [];
  for (const each of found) if (dryRun || (await isRemoved(each))) removed.push(each);
  return tallyOf([...claims, ...removed]);
}

async function unpublished(folder: StoreFolder, cutoffMs: number): Promise<readonly Leftover[]> {
  const shards = (await namesIn(folderPath(folder, 'ac'))).map(
    (name) => `${folderPath(folder, 'ac')}/${name}`,
  );
  const places = [
    folder.root,
    folderPath(folder, 'tmp'),
    folderPath(folder, 'claims'),
    folderPath(folder, 'index'),
    usesDir(folder),
    ...shards,
  ];
  const found: Leftover[] = [];
  for (const place of places) {
    for (const name of await namesIn(place)) {
      if (name.startsWith(temporaryPrefix)) found.push(...(await ifOlder(`${place}/${name}`, cutoffMs)));
    }
  }
  return found;
}

async function oldBeats(folder: StoreFolder, cutoffMs: number): Promise<readonly Leftover[]> {
  const claims = folderPath(folder, 'claims');
  const found: Leftover[] = [];
  for (const name of await namesIn(claims)) {
    if (name.endsWith('.beat')) found.push(...(await ifOlder(`${claims}/${name}`, cutoffMs)));
  }
  return found;
}

interface Limits {
  readonly finished: ReadonlySet<string>;
  readonly cutoffMs: number;
  readonly abandonedMs: number;
}

async function oldSnapshots(
  folder: StoreFolder,
  { finished, cutoffMs, abandonedMs }: Limits,
): Promise<readonly Leftover[]> {
  const partial = folderPath(folder, 'partial');
  const found: Leftover[] = [];
  for (const key of await namesIn(partial)) {
    if (parseTaskKey(key) === undefined) continue;
    const home = `${partial}/${key}`;
    const whole = await ifOlder(home, finished.has(key) ? cutoffMs : abandonedMs);
    found.push(...whole);
    if (whole.length > 0) continue;
    for (const name of await namesIn(home)) {
      if (name.startsWith(temporaryPrefix)) found.push(...(await ifOlder(`${home}/${name}`, cutoffMs)));
    }
  }
  return found;
}

/** The file or folder, if it has not been touched since. */
async function ifOlder(path: string, thanMs: number): Promise<readonly Leftover[]> {
  try {
    if ((await stat(path)).mtimeMs >= thanMs) return [];
    return [{ path, sizeBytes: (await tallyTree(path)).bytes }];
  } catch (error) {
    if (isMissing(error) || isForbidden(error)) return [];
    throw error;
  }
}

/** What another user keeps to himself (a folder of his own temporary files) is his to remove. */
async function isRemoved({ path }: Leftover): Promise<boolean> {
  try {
    await rm(path, { recursive: true, force: true });
    return true;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}

function isForbidden(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EACCES' || code === 'EPERM';
}
