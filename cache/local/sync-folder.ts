import { closeSync, fsyncSync, openSync } from 'node:fs';
import { errorCode } from '../system-error.ts';

/** Brings a folder's entries to the disk, where the file system can. */
export function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    // Said by file systems that order their metadata themselves and know no sync of folders.
    const code = errorCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EPERM') throw error;
  } finally {
    closeSync(descriptor);
  }
}
