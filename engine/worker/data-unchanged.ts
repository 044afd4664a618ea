import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputData } from '../contract/task-context.ts';

/** How many files are looked at, at a time. */
const looksAtOnce = 32;

/**
 * The first file whose size or modification time is no longer what it was when the data was indexed: what the task read
 * is then not what its key says. Undefined where all are as they were.
 */
export async function findChangedFile(data: Iterable<InputData>): Promise<string | undefined> {
  for (const { root, files } of data) {
    if (root === undefined) continue;
    let changed: string | undefined;
    const waiting = files.values();
    const look = async (): Promise<void> => {
      for (const file of waiting) {
        if (changed !== undefined) return;
        const path = join(root, file.path);
        if (!(await isUnchanged(path, file.size, file.mtimeMs))) changed = path;
      }
    };
    await Promise.all(Array.from({ length: looksAtOnce }, look));
    if (changed !== undefined) return changed;
  }
  return undefined;
}

async function isUnchanged(path: string, size: number, mtimeMs: number): Promise<boolean> {
  try {
    const now = await stat(path);
    return now.size === size && now.mtimeMs === mtimeMs;
  } catch {
    return false;
  }
}
