import { chmod, mkdir, rename, rmdir, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { Digest, TaskKey } from '../digest.ts';
import type { Sharing, StoreFolder } from '../store.ts';
import { makeFolders } from '../make-folders.ts';
import { errorCode } from '../system-error.ts';

/** The folders of a store, each relative to its root. */
export const storeFolders = [
  'cas',
  'ac',
  'claims',
  'partial',
  'runs',
  'index',
  'pins',
  'tmp',
  'trash',
  'quarantine',
] as const;

export function folderPath(folder: StoreFolder, name: (typeof storeFolders)[number]): string {
  return `${folder.root}/${name}`;
}

export function blobPath(folder: StoreFolder, digest: Digest): string {
  return `${folder.root}/cas/${digest.slice(0, 2)}/${digest}`;
}

export function actionPath(folder: StoreFolder, key: TaskKey): string {
  return `${folder.root}/ac/${key.slice(0, 2)}/${key}`;
}

let ofProcess: string | undefined;
let named = 0;

/** A name that no other process has chosen or will choose: what is random of it is drawn once, and then counted on from. */
export function randomName(prefix: string): string {
  ofProcess ??= randomBytes(8).toString('hex');
  named += 1;
  return `${prefix}${ofProcess}${named.toString(16).padStart(8, '0')}`;
}

/** Of each folder of a shared store: written to by the group, which passes down. */
export const sharedFolderMode = 0o2775;

/** Of the store's own folder: one that is prepared for a group keeps its mode. It may be closed to everybody else (2770). */
export function rootMode(mode: number): number {
  const permissions = mode & 0o7777;
  return (permissions & 0o2070) === 0o2070 ? permissions : sharedFolderMode;
}

/** Makes the store's own folder, and those above it. One that somebody has prepared keeps its group. */
export async function makeRoot({ root, sharing }: StoreFolder): Promise<void> {
  await makeFolders(root);
  // Only its owner could change it.
  if (sharing !== 'group') return;
  const { mode } = await stat(root);
  if (rootMode(mode) !== (mode & 0o7777)) await chmod(root, rootMode(mode));
}

/**
 * Makes a folder where there is none. A shared one appears with its final mode, by rename, so that no colleague meets
 * it half made.
 */
export async function makeFolder(path: string, sharing: Sharing): Promise<void> {
  if (sharing === 'umask') {
    await makeFolders(path);
    return;
  }
  const temporary = `${path}.${randomName('new-')}`;
  try {
    await mkdir(temporary);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await makeFolder(dirname(path), sharing);
    await mkdir(temporary);
  }
  try {
    await chmod(temporary, sharedFolderMode);
    await rename(temporary, path);
  } catch (error) {
    await rmdir(temporary).catch(() => undefined);
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/** Lets a file or folder that something else has made be read (and a folder be written) by those who share the store. */
export async function share(
  path: string,
  { sharing }: { readonly sharing: Sharing },
  mode: number,
): Promise<void> {
  if (sharing === 'group') await chmod(path, mode);
}
