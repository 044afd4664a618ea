import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageFailure } from './image-failure.ts';

/** Gives a listed file's bytes. Whoever opens a data set may pass one that checks more, e.g. that the file is unchanged. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** Reads files by their `/`-separated path under `root`. */
export function readFrom(root: string): ReadFile {
  return async (path) => {
    try {
      return await readFile(join(root, path));
    } catch (cause) {
      throw new ImageFailure('unreadable', path, { cause });
    }
  };
}
