import { rm, rmdir, stat } from 'node:fs/promises';
import { parseDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { namesIn } from '../local/names-in.ts';
import { folderPath, makeFolder, randomName } from '../local/store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode, isMissing } from '../system-error.ts';

/** The folder of one sweep in the trash, `trash/TIME-RANDOM`. */
export interface TrashSweep {
  readonly path: string;
  /** When it was made, by the file server's clock. */
  readonly madeMs: number;
  readonly blobs: readonly TrashedBlob[];
}

export interface TrashedBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export async function makeSweep(folder: StoreFolder, nowMs: number): Promise<string> {
  const path = `${folderPath(folder, 'trash')}/${randomName(`${Math.floor(nowMs)}-`)}`;
  await makeFolder(path, folder.sharing);
  return path;
}

export async function readSweeps(folder: StoreFolder): Promise<readonly TrashSweep[]> {
  const trash = folderPath(folder, 'trash');
  const sweeps: TrashSweep[] = [];
  for (const name of await namesIn(trash)) {
    const madeMs = /^([0-9]{1,15})-[0-9a-f]+$/.exec(name)?.[1];
    if (madeMs === undefined) continue;
    const path = `${trash}/${name}`;
    const found = await Promise.all((await namesIn(path)).map((blob) => look(path, blob)));
    sweeps.push({ path, madeMs: Number(madeMs), blobs: found.filter((blob) => blob !== undefined) });
  }
  return sweeps;
}

/** Deletes blobs of a sweep, and its folder if nothing else is left. */
export async function deleteSweep(path: string, blobs: readonly TrashedBlob[]): Promise<void> {
  for (const { digest } of blobs) await rm(`${path}/${digest}`, { force: true });
  try {
    await rmdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

async function look(path: string, name: string): Promise<TrashedBlob | undefined> {
  const digest = parseDigest(name);
  if (digest === undefined) return undefined;
  try {
    return { digest, sizeBytes: (await stat(`${path}/${name}`)).size };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
