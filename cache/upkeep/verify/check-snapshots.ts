import { stat } from 'node:fs/promises';
import { isIntact } from '../../local/local-snapshot-store.ts';
import { namesIn } from '../../local/names-in.ts';
import { moveAside } from '../../local/quarantine.ts';
import { folderPath } from '../../local/store-folder.ts';
import type { StoreFolder } from '../../store.ts';
import { errorCode } from '../../system-error.ts';
import { tallyTree } from '../tally.ts';
import type { Checked } from './checked.ts';

/** Every snapshot that was published: its files have to be those of its checksums. */
export async function* checkSnapshots(folder: StoreFolder, signal?: AbortSignal): AsyncGenerator<Checked> {
  const partial = folderPath(folder, 'partial');
  for (const key of await namesIn(partial)) {
    for (const number of await namesIn(`${partial}/${key}`)) {
      signal?.throwIfAborted();
      const path = `${partial}/${key}/${number}`;
      if (!/^[1-9][0-9]*$/.test(number)) continue;
      const inode = await inodeOf(path);
      if (inode === undefined) continue;
      const { bytes } = await tallyTree(path);
      if (await isIntact(path)) {
        yield { what: 'snapshot', bytes };
        continue;
      }
      // Tasks that go on, or end, remove the ones that they have left behind.
      if ((await inodeOf(path)) !== inode) continue;
      const movedTo = await moveAside(folder, path, inode);
      const wayOut = 'its task goes on from an older one, or from the start';
      yield { what: 'snapshot', bytes, finding: { path, problem: 'is damaged', movedTo, wayOut } };
    }
  }
}

async function inodeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
