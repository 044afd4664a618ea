import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const repositoryRoot: string = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The optional sibling folder with reference values and real data; undefined where it is not there. */
export function sharedDir(): string | undefined {
  const dir = process.env['SWEETSPOT_SHARED'] ?? resolve(repositoryRoot, '../shared');
  return existsSync(resolve(dir, 'fixtures')) ? dir : undefined;
}
