import { stat } from 'node:fs/promises';
import { parseDigest } from '../../digest.ts';
import { hashFile } from '../../local/hash-file.ts';
import { namesIn } from '../../local/names-in.ts';
import { moveAside } from '../../local/quarantine.ts';
import { folderPath } from '../../local/store-folder.ts';
import type { StoreFolder } from '../../store.ts';
import { errorCode } from '../../system-error.ts';
import type { Checked } from './checked.ts';

/** Every blob, those in the trash too: each is read, and has to be what its name says. */
export async function* checkBlobs(folder: StoreFolder, signal?: AbortSignal): AsyncGenerator<Checked> {
  const cas = folderPath(folder, 'cas');
  for (const shard of await namesIn(cas)) {
    for (const name of await namesIn(`${cas}/${shard}`)) {
      const isBlob = parseDigest(name)?.startsWith(shard) === true;
      const checked = isBlob
        ? await checkBlob(folder, { what: 'blob', path: `${cas}/${shard}/${name}`, digest: name, signal })
        : await checkStray(`${cas}/${shard}/${name}`);
      if (checked !== undefined) yield checked;
    }
  }
  const trash = folderPath(folder, 'trash');
  for (const sweep of await namesIn(trash)) {
    for (const name of await namesIn(`${trash}/${sweep}`)) {
      const path = `${trash}/${sweep}/${name}`;
      const checked =
        parseDigest(name) === undefined
          ? await checkStray(path)
          : await checkBlob(folder, { what: 'trashed blob', path, digest: name, signal });
      if (checked !== undefined) yield checked;
    }
  }
}

/** Undefined for one that is gone by the time it is looked at. */
async function checkBlob(
  folder: StoreFolder,
  blob: {
    readonly what: 'blob' | 'trashed blob';
    readonly path: string;
    readonly digest: string;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Checked | undefined> {
  const { what, path, digest, signal } = blob;
  try {
    const { digest: found, sizeBytes, inode } = await hashFile(path, signal);
    if (found === digest) return { what, bytes: sizeBytes };
    const movedTo = await moveAside(folder, path, inode);
    const finding = { path, problem: 'is not what its name says', movedTo, wayOut: madeAnew };
    return { what, bytes: sizeBytes, finding };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT') return undefined;
    const problem = `cannot be read (${(error as Error).message})`;
    return { what, bytes: 0, finding: { path, problem, wayOut: 'look after the disk, or who may read it' } };
  }
}

const madeAnew = 'the next run that needs it makes it anew';

async function checkStray(path: string): Promise<Checked | undefined> {
  try {
    const { size } = await stat(path);
    const problem = 'is no file of the store';
    return {
      what: 'stray file',
      bytes: size,
      finding: { path, problem, wayOut: 'remove it if it is not yours' },
    };
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
