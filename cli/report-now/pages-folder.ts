import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryPrefix } from '../../cache/local/temporary-file.ts';
import type { StoreFolder } from '../../cache/store.ts';

/** A folder for pages in the making: in the store, so that a run's sweep finds what a killed process leaves. */
export function pagesFolder(store: StoreFolder): Promise<string> {
  return mkdtemp(join(store.root, 'tmp', `${temporaryPrefix}report-`));
}
