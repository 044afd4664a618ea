import { open } from 'node:fs/promises';
import { errorCode } from '../system-error.ts';

/** Brings a folder's entries to the disk, where the file system can. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Said by file systems that order their metadata themselves and know no sync of folders.
    const code = errorCode(error);
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EPERM') throw error;
  } finally {
    await handle.close();
  }
}
