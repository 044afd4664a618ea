import { stat } from 'node:fs/promises';
import type { Digest } from '../digest.ts';
import { parseDigest } from '../digest.ts';
import { isMissing } from '../system-error.ts';
import { folderPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { namesIn } from './names-in.ts';

export interface ListedBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** By the file server's clock. */
  readonly mtimeMs: number;
}

/** Every blob in its place, in no particular order. What is gone by the time it is looked at is passed over. Throws system errors. */
export async function* listBlobs(folder: StoreFolder): AsyncGenerator<ListedBlob> {
  const cas = folderPath(folder, 'cas');
  for (const shard of await namesIn(cas)) {
    const names = await namesIn(`${cas}/${shard}`);
    for (const blob of await Promise.all(names.map((name) => look(`${cas}/${shard}/${name}`, name)))) {
      if (blob !== undefined) yield blob;
    }
  }
}

async function look(path: string, name: string): Promise<ListedBlob | undefined> {
  const digest = parseDigest(name);
  if (digest === undefined) return undefined;
  try {
    const { size, mtimeMs } = await stat(path);
    return { digest, sizeBytes: size, mtimeMs };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
