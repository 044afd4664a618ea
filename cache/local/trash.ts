import { rename } from 'node:fs/promises';
import type { Digest } from '../digest.ts';
import { errorCode } from '../system-error.ts';
import { namesIn } from './names-in.ts';
import { renewTime } from './renew-time.ts';
import { blobPath, folderPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';

/**
 * Brings a blob back that garbage collection has set aside, because somebody wants it after all. Answers whether it is
 * in its place now. The trash holds one folder a sweep; mostly there is none.
 */
export async function restoreFromTrash(folder: StoreFolder, digest: Digest): Promise<boolean> {
  if (folder.readOnly === true) return false;
  const trash = folderPath(folder, 'trash');
  for (const sweep of await namesIn(trash)) {
    if (await restoreFromSweep(folder, `${trash}/${sweep}`, digest)) return true;
  }
  return false;
}

/** Brings a blob back from one sweep's folder. Its time is renewed, so that the next sweep lets it be. */
export async function restoreFromSweep(folder: StoreFolder, sweep: string, digest: Digest): Promise<boolean> {
  const target = blobPath(folder, digest);
  try {
    await rename(`${sweep}/${digest}`, target);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
  try {
    renewTime(target, 0);
  } catch (error) {
    // Another's file, or set aside again by another sweep.
    if (errorCode(error) === undefined) throw error;
  }
  return true;
}
