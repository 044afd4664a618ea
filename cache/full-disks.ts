import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** With less than this left, next to nothing can be stored. */
const fullBelowBytes = 1_000_000;

export interface FullDisk {
  /** The first of the folders asked for that lies on it. */
  readonly path: string;
  readonly freeBytes: number;
}

/** Which of some folders lie on a disk that is full, one folder a disk. Folders that are not there yet count by those above them. */
export async function fullDisks(folders: readonly string[]): Promise<readonly FullDisk[]> {
  const full = new Map<number, FullDisk>();
  for (const folder of folders) {
    const there = await existing(folder);
    if (there === undefined) continue;
    const { bavail, bsize, ffree, files } = await statfs(there.path);
    const freeBytes = files > 0 && ffree === 0 ? 0 : bavail * bsize;
    if (freeBytes < fullBelowBytes && !full.has(there.device))
      full.set(there.device, { path: folder, freeBytes });
  }
  return [...full.values()];
}

async function existing(
  folder: string,
): Promise<{ readonly path: string; readonly device: number } | undefined> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      return { path, device: (await stat(path)).dev };
    } catch {
      if (path === dirname(path)) return undefined;
    }
  }
}
