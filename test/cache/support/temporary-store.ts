import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openStore } from '../../../cache/open-store.ts';
import type { OpenStoreRequest } from '../../../cache/open-store.ts';
import type { Store } from '../../../cache/store.ts';

/** A folder that goes when the test has ended. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sweetspot-cache-'));
  onTestFinished(() => rm(path, { recursive: true, force: true, maxRetries: 20 }));
  return path;
}

/** Opens a store that has to open. */
export async function opened(request: OpenStoreRequest): Promise<Store> {
  const result = await openStore(request);
  if (result.kind !== 'opened') throw new Error(JSON.stringify(result));
  return result.store;
}

/** A fresh store in a folder of its own. */
export async function temporaryStore(options: Omit<OpenStoreRequest, 'dir'> = {}): Promise<Store> {
  return await opened({ dir: join(await temporaryFolder(), '.sweetspot'), ...options });
}

/** Files in the store that have not been published: after any operation there must be none. */
export async function unpublishedFiles({ root }: Store): Promise<readonly string[]> {
  const names = await readdir(root, { recursive: true });
  return names.filter((name) => /(^|\/)tmp-/.test(name));
}
