import { closeSync, fsync, fsyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { errorCode } from '../system-error.ts';

/** Brings a folder's entries to the disk, where the file system can. */
export function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!isUnknown(error)) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** As `syncFolder`, while other things go on: for many folders at a time. */
export async function syncFolderMeanwhile(path: string): Promise<void> {
  const descriptor = openSync(path, 'r');
  try {
    await fsyncMeanwhile(descriptor);
  } catch (error) {
    if (!isUnknown(error)) throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Brings an open file to the disk, through the thread pool. */
export const fsyncMeanwhile: (descriptor: number) => Promise<void> = promisify(fsync);

/** Said by file systems that order their metadata themselves and know no sync of folders. */
function isUnknown(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'EINVAL' || code === 'ENOTSUP' || code === 'EPERM';
}
