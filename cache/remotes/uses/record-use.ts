import { chmodSync, mkdirSync } from 'node:fs';
import { namesNow } from '../../local/names-in.ts';
import { sharedFolderMode } from '../../local/store-folder.ts';
import type { StoreFolder } from '../../store.ts';
import { errorCode } from '../../system-error.ts';
import { counters } from '../remote-use.ts';
import type { RemoteUse } from '../remote-use.ts';
import { compactUses } from './compact-uses.ts';
import { encodeRecord, usesDir } from './use-files.ts';
import { writeUseFile } from './write-use-file.ts';

/** From so many files on, they are put together. */
const mostFiles = 64;

/** Writes down what one process had of its remotes, as it ends: so it does not wait. Best effort. */
export function recordUse(folder: StoreFolder, uses: ReadonlyMap<string, RemoteUse>): void {
  const told = new Map([...uses].filter(([, use]) => counters.some((counter) => use[counter] > 0)));
  if (told.size === 0) return;
  const dir = usesDir(folder);
  try {
    const isNew = mkdirSync(dir, { recursive: true }) !== undefined;
    if (isNew && folder.sharing === 'group') chmodSync(dir, sharedFolderMode);
    writeUseFile(folder, encodeRecord(told), { synced: false });
    if (namesNow(dir).length >= mostFiles) compactUses(folder);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
