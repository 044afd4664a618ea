import { statfs } from 'node:fs/promises';
import { stop, succeed, type Step } from './problem.ts';
import type { NativeRecipe } from './wheels.ts';

/** Whether a folder's file system holds the download and what is unpacked from it at the same time. */
export async function checkSpace(
  dir: string,
  { downloadBytes, unpackedBytes }: NativeRecipe,
): Promise<Step<void>> {
  const { bavail, bsize } = await statfs(dir);
  const needed = downloadBytes + unpackedBytes;
  if (bavail * bsize >= needed) return succeed(undefined);
  return stop({
    kind: 'space',
    why: `${dir} has ${gigabytes(bavail * bsize)} free and ${gigabytes(needed)} are needed`,
    mend: 'make room there or name another folder in SWEETSPOT_NATIVE_DIR',
  });
}

/** A size for people: `0.27 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e9 ? 2 : 1)} GB`;
}
