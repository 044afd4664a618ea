import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DoorTable } from '../study/doors.ts';

/** How many images a `scores` artifact scores, by its digest: what was measured, where no option of a data set says how many it has. */
export type Measured = ReadonlyMap<string, number>;

/** As a page's own table of what it draws says; nothing where it has none. */
export function measuredIn(page: string): Measured {
  const [, table] = /<script type="application\/json" id="door-table">([^<]*)</.exec(page) ?? [];
  return table === undefined ? new Map() : measuredOf(table);
}

/** The same table beside figures. */
export async function measuredBeside(dir: string): Promise<Measured> {
  try {
    return measuredOf(await readFile(join(dir, sourcesFile), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
}

export const sourcesFile = 'sources.json';

function measuredOf(text: string): Measured {
  const table = JSON.parse(text) as Pick<DoorTable, 'sources'> & { readonly format: number };
  // Figures and pages of an earlier format count nothing.
  if (table.format !== 2) return new Map();
  return new Map(table.sources.map(([digest, , , , , , images]) => [digest, images]));
}
