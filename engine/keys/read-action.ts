import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';

/** The action behind a key, which is the digest of its canonical JSON; undefined where it is no longer stored. */
export async function readAction(store: Pick<Store, 'blobs'>, key: TaskKey): Promise<JsonObject | undefined> {
  const read = await store.blobs.read(key as string as Digest);
  return read.kind === 'found'
    ? (JSON.parse(Buffer.from(read.bytes).toString('utf8')) as JsonObject)
    : undefined;
}
