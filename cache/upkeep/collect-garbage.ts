import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { listBlobs } from '../local/list-blobs.ts';
import type { ListedBlob } from '../local/list-blobs.ts';
import { restoreFromSweep } from '../local/trash.ts';
import type { Store, StoreFolder } from '../store.ts';
import { guarded, isNoSpace } from '../system-error.ts';
import { removeLeftovers } from './leftovers.ts';
import type { LeftoverOptions } from './leftovers.ts';
import { markLive } from './mark.ts';
import { readPins } from './pins.ts';
import { serverTimeMs } from './server-clock.ts';
import { chooseBlobs, removeBlob, setAside } from './sweep.ts';
import { tallyOf } from './tally.ts';
import type { Tally } from './tally.ts';
import { deleteSweep, makeSweep, readSweeps } from './trash-sweeps.ts';
import type { TrashedBlob } from './trash-sweeps.ts';

const dayMs = 24 * 60 * 60 * 1000;
const minuteMs = 60 * 1000;

export interface GarbageRequest {
  readonly store: Store;
  /**
   * What to keep besides the pins: digests of artifacts or single blobs. The caller gathers those of the last runs and
   * the inputs of live claims.
   */
  readonly roots: readonly Digest[];
  /** Unreachable blobs stay, the last used first, while all blobs together are no larger. Default 0: none stays. */
  readonly maxBytes?: number;
  /** Only blobs that were last stored so long ago go. Default 0: any that may. */
  readonly olderThanMs?: number;
  /** Only what these artifacts hold goes; default: anything. Unreachable blobs of others stay. */
  readonly among?: readonly Digest[];
  /** Only says what would be done. */
  readonly dryRun?: boolean;
  /**
   * Nobody else uses the store: what goes is deleted now, with all that lies in the trash, and a blob is too young for a
   * minute only. A run that begins all the same misses bytes at worst, and makes them anew.
   */
  readonly atOnce?: boolean;
  /** How long after it was stored a blob is safe, and how long after that it lies in the trash. Default a day. */
  readonly graceMs?: number;
  /** The file server's time. Default: asked. */
  readonly nowMs?: number;
}

export interface GarbageReport {
  readonly kind: 'collected';
  readonly dryRun: boolean;
  /** Blobs in their places, before. */
  readonly before: Tally;
  /** Those that can be reached from the roots. */
  readonly live: Tally;
  /** Those that cannot, and were stored, or stored again, too lately to go. */
  readonly young: Tally;
  /** Set aside now; their space is free one grace later. */
  readonly trashed: Tally;
  /** Set aside earlier, wanted after all, and brought back. */
  readonly restored: Tally;
  /** Set aside a grace ago and deleted now. */
  readonly deleted: Tally;
  /** Left by processes that were killed: unpublished files, claims and snapshots of finished tasks. */
  readonly leftovers: Tally;
  /** By how much the blobs still exceed `maxBytes`, if given: all that is left is live or too young. */
  readonly excessBytes: number;
  /** Roots that are not in the store. */
  readonly missingRoots: readonly Digest[];
}

export type GarbageResult =
  GarbageReport | { readonly kind: 'damaged-pins'; readonly paths: readonly string[] } | StoreFailure;

/**
 * Makes room. Nothing that a root reaches goes, nothing younger than the grace, and nothing at once: blobs move to the
 * trash, from which a reader that misses them fetches them back. Action results stay. Several may collect at once.
 */
export function collectGarbage(request: GarbageRequest): Promise<GarbageResult> {
  return guarded<GarbageResult>(request.store.root, () => collect(request));
}

async function collect(request: GarbageRequest): Promise<GarbageResult> {
  const { store, dryRun = false, atOnce = false } = request;
  const graceMs = request.graceMs ?? (atOnce ? minuteMs : dayMs);
  const { pins, damaged } = await readPins(store);
  if (damaged.length > 0) return { kind: 'damaged-pins', paths: damaged };
  const nowMs = request.nowMs ?? (await serverTimeMs(store));
  const cutoffMs = nowMs - graceMs;

  const roots = [...request.roots, ...pins.flatMap(({ digests }) => digests)];
  const marked = await markLive({ folder: store, artifacts: store.artifacts, roots });
  if (marked.kind === 'store-failure') return marked;
  const { live, missing } = marked;

  const restored = await bringBack(store, { live, dryRun });
  const blobs: ListedBlob[] = [];
  for await (const blob of listBlobs(store)) blobs.push(blob);
  const among = request.among === undefined ? undefined : await blobsOf(store, request.among);
  if (among !== undefined && 'kind' in among) return among;
  const chosen = chooseBlobs({
    blobs,
    live,
    cutoffMs: Math.min(cutoffMs, nowMs - (request.olderThanMs ?? 0)),
    maxBytes: request.maxBytes ?? 0,
    ...(among === undefined ? {} : { among }),
  });
  const trashed = dryRun ? chosen : await setAllAside(store, chosen, { nowMs, cutoffMs, atOnce });
  const expired = await deleteExpired(store, { live, cutoffMs: atOnce ? Infinity : cutoffMs, dryRun });
  // What would be set aside first does not lie in the trash yet.
  const deleted = atOnce && dryRun ? [...expired, ...chosen] : expired;

  const before = tallyOf(blobs);
  const restBytes = before.bytes - tallyOf(trashed).bytes;
  return {
    kind: 'collected',
    dryRun,
    before,
    live: tallyOf(blobs.filter(({ digest }) => live.has(digest))),
    young: tallyOf(blobs.filter(({ digest, mtimeMs }) => !live.has(digest) && mtimeMs >= cutoffMs)),
    trashed: tallyOf(trashed),
    restored: tallyOf(restored),
    deleted: tallyOf(deleted),
    leftovers: await removeLeftovers(store, { ...leftoverAge(request, nowMs), dryRun }),
    excessBytes: Math.max(0, restBytes - (request.maxBytes ?? restBytes)),
    missingRoots: missing,
  };
}

/** The manifests and files of some artifacts, as far as they are there. */
async function blobsOf(
  store: Store,
  artifacts: readonly Digest[],
): Promise<ReadonlySet<string> | StoreFailure> {
  const found = new Set<string>();
  for (const digest of new Set(artifacts)) {
    const read = await store.artifacts.manifest(digest);
    if (read.kind === 'store-failure') return read;
    found.add(digest);
    if (read.kind === 'found') for (const { sha256 } of read.manifest.files) found.add(sha256);
  }
  return found;
}

/** Unlike a blob, what a process has not published yet cannot be had again: that has its day in any case. */
function leftoverAge({ graceMs = dayMs }: GarbageRequest, nowMs: number): Omit<LeftoverOptions, 'dryRun'> {
  return { cutoffMs: nowMs - graceMs, graceMs };
}

/** What lies in the trash though a root reaches it. */
async function bringBack(
  folder: StoreFolder,
  { live, dryRun }: { readonly live: ReadonlySet<string>; readonly dryRun: boolean },
): Promise<readonly TrashedBlob[]> {
  const restored: TrashedBlob[] = [];
  for (const { path, blobs } of await readSweeps(folder)) {
    for (const blob of blobs) {
      if (!live.has(blob.digest)) continue;
      if (dryRun || (await restoreFromSweep(folder, path, blob.digest))) restored.push(blob);
    }
  }
  return restored;
}

async function setAllAside(
  folder: StoreFolder,
  chosen: readonly ListedBlob[],
  { nowMs, ...how }: { readonly nowMs: number; readonly cutoffMs: number; readonly atOnce: boolean },
): Promise<readonly ListedBlob[]> {
  const aside: ListedBlob[] = [];
  let sweep: string | undefined;
  for (const blob of chosen) {
    try {
      sweep ??= await makeSweep(folder, nowMs);
    } catch (error) {
      if (!how.atOnce || !isNoSpace(error)) throw error;
      // Not even room for a folder: the first to go make it.
      if (await removeBlob(folder, blob, how)) aside.push(blob);
      continue;
    }
    if (await setAside(folder, blob, { sweep, ...how })) aside.push(blob);
  }
  return aside;
}

async function deleteExpired(
  folder: StoreFolder,
  request: { readonly live: ReadonlySet<string>; readonly cutoffMs: number; readonly dryRun: boolean },
): Promise<readonly TrashedBlob[]> {
  const deleted: TrashedBlob[] = [];
  for (const sweep of await readSweeps(folder)) {
    if (sweep.madeMs > request.cutoffMs) continue;
    const blobs = sweep.blobs.filter(({ digest }) => !request.live.has(digest));
    if (!request.dryRun) await deleteSweep(sweep.path, blobs);
    deleted.push(...blobs);
  }
  return deleted;
}
