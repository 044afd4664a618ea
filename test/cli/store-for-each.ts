import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Store } from '../../cache/store.ts';
import { opened } from '../cache/support/temporary-store.ts';
import { temporaryFolder } from '../support/command.ts';

/** A store in a folder of its own, anew for each test of the file. */
export function storeForEach(): { readonly path: string; readonly store: Store } {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Store;
  beforeEach(async () => {
    folder = await temporaryFolder();
    store = await opened({ dir: join(folder.path, '.sweetspot') });
  });
  afterEach(() => folder[Symbol.asyncDispose]());
  return {
    get path() {
      return folder.path;
    },
    get store() {
      return store;
    },
  };
}
