import { stat } from 'node:fs/promises';
import { folderPath } from '../local/store-folder.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';

/**
 * The time by whoever stamps the store's files, in milliseconds since 1970: found by touching one, since the clocks of
 * the hosts that share a store differ. Throws system errors.
 */
export async function serverTimeMs(folder: StoreFolder): Promise<number> {
  using temporary = await TemporaryFile.write(folder, folderPath(folder, 'tmp'), 'now');
  await temporary.sync();
  return (await stat(temporary.path)).mtimeMs;
}
