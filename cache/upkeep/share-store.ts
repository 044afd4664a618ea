import { chmod, chown, lstat, stat } from 'node:fs/promises';
import type { StoreFailure } from '../failures.ts';
import { namesIn } from '../local/names-in.ts';
import { rootMode, sharedFolderMode } from '../local/store-folder.ts';
import { writeSettingsAnew } from '../local/store-settings.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode, guarded } from '../system-error.ts';

export interface SharedStore {
  readonly kind: 'shared';
  /** Files and folders whose group or mode was not that of a shared store. */
  readonly changed: number;
  /** Those of other users, which only their owners (or root) can change. */
  readonly refused: readonly string[];
}

interface ShareRequest {
  readonly folder: StoreFolder;
  /** Numeric; undefined: each file keeps the group it has. */
  readonly group: number | undefined;
}

/**
 * Lets the group in, whatever is in the store already: folders become 2775 (the store's own stays closed to others where it is), and every file is made readable. `store.json`
 * comes last: from then on all that is written is shared. May be repeated, e.g. after somebody's old version has written.
 */
export function shareStore(request: ShareRequest): Promise<SharedStore | StoreFailure> {
  const { folder } = request;
  return guarded<SharedStore | StoreFailure>(folder.root, async () => {
    const refused: string[] = [];
    const changed = await shareTree(request, { path: folder.root, within: '' }, refused);
    if (folder.sharing !== 'group') await writeSettingsAnew({ ...folder, sharing: 'group' });
    return { kind: 'shared', changed, refused };
  });
}

async function shareTree(
  request: ShareRequest,
  { path, within }: { readonly path: string; readonly within: string },
  refused: string[],
): Promise<number> {
  let changed = 0;
  try {
    // The store, and each of its folders, may lie elsewhere.
    const found = within.includes('/') ? await lstat(path) : await stat(path);
    if (found.isSymbolicLink()) return 0;
    const isFolder = found.isDirectory();
    const mode = isFolder ? folderMode(within, found.mode) : fileMode(within, found.mode);
    const { group = found.gid } = request;
    if (found.gid !== group) await chown(path, -1, group);
    // A change of the group takes the setgid bit away.
    if (found.gid !== group || (found.mode & 0o7777) !== mode) {
      await chmod(path, mode);
      changed += 1;
    }
    if (!isFolder) return changed;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    if (errorCode(error) !== 'EPERM') throw error;
    refused.push(path);
    return changed;
  }
  for (const name of await namesIn(path)) {
    const inner = { path: `${path}/${name}`, within: within === '' ? name : `${within}/${name}` };
    changed += await shareTree(request, inner, refused);
  }
  return changed;
}

function folderMode(within: string, mode: number): number {
  return within === '' ? rootMode(mode) : sharedFolderMode;
}

/** Digests of data files are added to by everybody; what its owner writes to stays his; all else is read-only. */
function fileMode(within: string, mode: number): number {
  if (/^index\/[0-9a-f]{64}$/.test(within)) return 0o664;
  return 0o444 | (mode & 0o300);
}
