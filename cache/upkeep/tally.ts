import { stat } from 'node:fs/promises';
import { namesIn } from '../local/names-in.ts';
import { isMissing } from '../system-error.ts';

/** A number of files, and their size together. */
export interface Tally {
  readonly count: number;
  readonly bytes: number;
}

export function tallyOf(items: readonly { readonly sizeBytes: number }[]): Tally {
  return { count: items.length, bytes: items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

/** The files under a folder, or a single file. What others remove meanwhile does not count. Throws system errors. */
export async function tallyTree(path: string): Promise<Tally> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return { count: 1, bytes: found.size };
  } catch (error) {
    if (isMissing(error)) return { count: 0, bytes: 0 };
    throw error;
  }
  let count = 0;
  let bytes = 0;
  for (const name of await namesIn(path)) {
    const inner = await tallyTree(`${path}/${name}`);
    count += inner.count;
    bytes += inner.bytes;
  }
  return { count, bytes };
}
