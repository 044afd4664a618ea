import { rename, stat, unlink } from 'node:fs/promises';
import type { ListedBlob } from '../local/list-blobs.ts';
import { blobPath } from '../local/store-folder.ts';
import { restoreFromSweep } from '../local/trash.ts';
import type { StoreFolder } from '../store.ts';
import { isMissing } from '../system-error.ts';

export interface SweepChoice {
  readonly blobs: readonly ListedBlob[];
  readonly live: ReadonlySet<string>;
  /** Blobs stored or stored again after this, by the file server's clock, stay: their reference may be on its way. */
  readonly cutoffMs: number;
  /** Stop where the rest is no larger than this. */
  readonly maxBytes: number;
  /** Only these may go; default: all. */
  readonly among?: ReadonlySet<string>;
}

/** Which blobs to set aside: unreachable and old, the longest unused first, no more than needed. */
export function chooseBlobs({ blobs, live, cutoffMs, maxBytes, among }: SweepChoice): readonly ListedBlob[] {
  const candidates = blobs
    .filter(({ digest, mtimeMs }) => !live.has(digest) && mtimeMs < cutoffMs)
    .filter(({ digest }) => among?.has(digest) !== false)
    .sort((a, b) => a.mtimeMs - b.mtimeMs);
  let rest = blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const chosen: ListedBlob[] = [];
  for (const blob of candidates) {
    if (rest <= maxBytes) break;
    rest -= blob.sizeBytes;
    chosen.push(blob);
  }
  return chosen;
}

/**
 * Moves one blob into a sweep's folder. Answers whether it lies there now. Somebody may have stored the same bytes since
 * the blob was chosen: either that renewed the time before we moved it, then we see so now and move it back; or
 * it came after, found nothing and wrote anew.
 */
export async function setAside(
  folder: StoreFolder,
  { digest }: ListedBlob,
  { sweep, cutoffMs }: { readonly sweep: string; readonly cutoffMs: number },
): Promise<boolean> {
  const moved = `${sweep}/${digest}`;
  try {
    await rename(blobPath(folder, digest), moved);
    if ((await stat(moved)).mtimeMs < cutoffMs) return true;
    await restoreFromSweep(folder, sweep, digest);
    return false;
  } catch (error) {
    // Gone already, or fetched back by a reader.
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Removes one blob from its place. Answers whether it did: one that was stored again since it was chosen stays. */
export async function removeBlob(
  folder: StoreFolder,
  { digest }: ListedBlob,
  { cutoffMs }: { readonly cutoffMs: number },
): Promise<boolean> {
  const path = blobPath(folder, digest);
  try {
    if ((await stat(path)).mtimeMs >= cutoffMs) return false;
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
