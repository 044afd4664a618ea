import { stat, utimes } from 'node:fs/promises';
import { folderPath } from '../local/store-folder.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { isNoSpace } from '../system-error.ts';

/**
 * The time by whoever stamps the store's files, in milliseconds since 1970: found by touching one, since the clocks of
 * the hosts that share a store differ. Throws system errors.
 */
export async function serverTimeMs(folder: StoreFolder): Promise<number> {
  const tmp = folderPath(folder, 'tmp');
  try {
    using temporary = await TemporaryFile.write(folder, tmp, 'now');
    await temporary.sync();
    return (await stat(temporary.path)).mtimeMs;
  } catch (error) {
    if (!isNoSpace(error)) throw error;
    // Garbage is collected because the disk is full: what the server stamps on a change of times needs no room.
    await utimes(tmp, new Date(), new Date());
    return (await stat(tmp)).ctimeMs;
  }
}
