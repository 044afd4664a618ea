import { statSync } from 'node:fs';
import type { Digest } from '../digest.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode, isMissing } from '../system-error.ts';
import { moveAside } from './quarantine.ts';
import { renewTime } from './renew-time.ts';
import { blobPath } from './store-folder.ts';

/** A colleague's blob that was touched this recently need not be written again to look fresh. */
const freshMs = 60 * 60 * 1000;

export interface RefreshRequest {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Called with the path of a blob that is there. */
  readonly whenThere?: (path: string) => void;
}

/**
 * Renews the time of a blob that is there, so that garbage collection keeps it. Answers false where the bytes have to
 * be written: the blob is absent, or of the wrong size (then it is moved aside), or it is stale and another person's,
 * whose time only a rewrite renews. Throws system errors.
 */
export async function refreshBlob(
  folder: StoreFolder,
  { digest, sizeBytes, whenThere }: RefreshRequest,
): Promise<boolean> {
  const path = blobPath(folder, digest);
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return false;
    if (found.size !== sizeBytes) {
      await moveAside(folder, path, found.ino);
      return false;
    }
    whenThere?.(path);
    try {
      renewTime(path, found.mtimeMs);
      return true;
    } catch (error) {
      if (errorCode(error) !== 'EPERM') throw error;
      return Date.now() - found.mtimeMs < freshMs;
    }
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
