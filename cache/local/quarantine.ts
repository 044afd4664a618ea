import { rename, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { errorCode, isMissing } from '../system-error.ts';
import { folderPath, makeFolder, randomName } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';

/**
 * Moves a damaged file out of the way, for people to look at, and answers where it lies now. `inode` is that of the
 * file whose bytes were found wrong: what a colleague has put in its place meanwhile is left alone.
 */
export async function moveAside(folder: StoreFolder, path: string, inode: number): Promise<string> {
  const aside = `${folderPath(folder, 'quarantine')}/${randomName(`${basename(path)}.`)}`;
  try {
    if ((await stat(path)).ino !== inode) return path;
    if (folder.readOnly === true) {
      folder.onDamaged?.({ path, movedTo: path });
      return path;
    }
    await makeFolder(folderPath(folder, 'quarantine'), folder.sharing);
    await rename(path, aside);
    folder.onDamaged?.({ path, movedTo: aside });
    return aside;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    // Already moved by another reader, or a store that may only be read: it stays where it is.
    if (!isMissing(error)) folder.onDamaged?.({ path, movedTo: path });
    return path;
  }
}
