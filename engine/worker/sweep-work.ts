import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './is-running.ts';

/** Where workers keep their inputs, outputs and scratch while a task runs: on the store's own file system. */
export function workFolder(storeRoot: string): string {
  return join(storeRoot, 'work');
}

/** Begins the name of a work folder, so that those of processes that are gone can be told. */
export function workFolderPrefix(pid: number): string {
  return `${encodeURIComponent(hostname())}-${pid}-`;
}

/** Removes what workers of this host that were killed have left behind. */
export async function sweepWork(storeRoot: string): Promise<void> {
  const dir = workFolder(storeRoot);
  const names = await readdir(dir).catch(() => []);
  for (const name of names) {
    const pid = Number(/-(\d+)-[0-9a-f]+$/.exec(name)?.[1]);
    if (!name.startsWith(workFolderPrefix(pid)) || isRunning(pid)) continue;
    // What another user has left is theirs to remove.
    await rm(join(dir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
