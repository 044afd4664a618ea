import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { listBlobs } from '../local/list-blobs.ts';
import type { ListedBlob } from '../local/list-blobs.ts';
import { restoreFromSweep } from '../local/trash.ts';
import type { Store, StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';
import { removeLeftovers } from './leftovers.ts';
import { markLive } from './mark.ts';
import { readPins } from './pins.ts';
import { serverTimeMs } from './server-clock.ts';
import { chooseBlobs, setAside } from './sweep.ts';
import { tallyOf } from './tally.ts';
import type { Tally } from './tally.ts';
import { deleteSweep, makeSweep, readSweeps } from './trash-sweeps.ts';
import type { TrashedBlob } from './trash-sweeps.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface GarbageRequest {
  readonly store: Store;
  /**
   * What to keep besides the pins: digests of artifacts or single blobs. The caller gathers those of the last runs and
   * the inputs of live claims.
   */
  readonly roots: readonly Digest[];
  /** Unreachable blobs stay, the last used first, while all blobs together are no larger. Default 0: none stays. */
  readonly maxBytes?: number;
  /** Only says what would be done. */
  readonly dryRun?: boolean;
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
  const { store, dryRun = false, graceMs = dayMs } = request;
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
  const chosen = chooseBlobs({ blobs, live, cutoffMs, maxBytes: request.maxBytes ?? 0 });
  const trashed = dryRun ? chosen : await setAllAside(store, chosen, { nowMs, cutoffMs });
  const deleted = await deleteExpired(store, { live, cutoffMs, dryRun });

  const before = tallyOf(blobs);
  const restBytes = before.bytes - tallyOf(trashed).bytes;
  return {
    kind: 'collected',
    dryRun,
    before,
    live: tallyOf(blobs.filter(({ digest }) => live.has(digest))),
    trashed: tallyOf(trashed),
    restored: tallyOf(restored),
    deleted: tallyOf(deleted),
    leftovers: await removeLeftovers(store, { cutoffMs, graceMs, dryRun }),
    excessBytes: Math.max(0, restBytes - (request.maxBytes ?? restBytes)),
    missingRoots: missing,
  };
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
  { nowMs, cutoffMs }: { readonly nowMs: number; readonly cutoffMs: number },
): Promise<readonly ListedBlob[]> {
  if (chosen.length === 0) return [];
  const sweep = await makeSweep(folder, nowMs);
  const aside: ListedBlob[] = [];
  for (const blob of chosen) if (await setAside(folder, blob, { sweep, cutoffMs })) aside.push(blob);
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
