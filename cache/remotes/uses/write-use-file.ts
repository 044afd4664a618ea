import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { randomName } from '../../local/store-folder.ts';
import { syncFolder } from '../../local/sync-folder.ts';
import { temporaryPrefix } from '../../local/temporary-file.ts';
import type { StoreFolder } from '../../store.ts';
import { usesDir } from './use-files.ts';

/** Publishes a new file in the folder of uses, which is there. Throws system errors, and leaves nothing then. */
export function writeUseFile(
  folder: StoreFolder,
  text: string,
  { synced }: { readonly synced: boolean },
): void {
  const dir = usesDir(folder);
  const name = randomName('');
  const temporary = `${dir}/${temporaryPrefix}${name}`;
  const descriptor = openSync(temporary, 'wx', 0o444);
  try {
    writeFileSync(descriptor, text);
    if (folder.sharing === 'group') fchmodSync(descriptor, 0o444);
    if (synced) fsyncSync(descriptor);
    renameSync(temporary, `${dir}/${name}`);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  if (synced) syncFolder(dir);
}
