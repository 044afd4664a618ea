import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SweetSpotsFile } from './decision.ts';

/** The decisions beside a table; undefined for a table of another kind. */
export async function readSweetSpots(dir: string): Promise<SweetSpotsFile | undefined> {
  try {
    return JSON.parse(await readFile(join(dir, 'sweet-spots.json'), 'utf8')) as SweetSpotsFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
