import { readFile, writeFile } from 'node:fs/promises';
import { decodeActionResult, encodeActionResult, sameOutputs } from '../../../cache/action-codec.ts';
import type { ActionStore } from '../../../cache/action-store.ts';
import type { BlobStore } from '../../../cache/blob-store.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest, TaskKey } from '../../../cache/digest.ts';
import { guarded } from '../../../cache/system-error.ts';

/** A blob store in memory; its map is open to tests that damage it. */
export function memoryBlobStore(blobs: Map<Digest, Buffer> = new Map()): BlobStore {
  const put = (bytes: Buffer): { kind: 'stored'; digest: Digest; sizeBytes: number } => {
    const digest = digestOf(bytes);
    blobs.set(digest, bytes);
    return { kind: 'stored', digest, sizeBytes: bytes.byteLength };
  };
  const take = (digest: Digest) => {
    const bytes = blobs.get(digest);
    if (bytes === undefined) return { kind: 'absent' as const, digest };
    if (digestOf(bytes) === digest) return { kind: 'found' as const, bytes };
    blobs.delete(digest);
    return { kind: 'corrupt' as const, digest, movedTo: 'nowhere' };
  };
  return {
    has: (digest) => Promise.resolve(blobs.has(digest)),
    putBytes: (bytes) => Promise.resolve(put(Buffer.from(bytes as Uint8Array))),
    putUnsynced: (bytes) => Promise.resolve(put(Buffer.from(bytes as Uint8Array))),
    putFile: (path) => guarded(path, async () => put(await readFile(path))),
    read: (digest) => Promise.resolve(take(digest)),
    copyTo: (digest, path) =>
      guarded(path, async () => {
        const taken = take(digest);
        if (taken.kind !== 'found') return taken;
        await writeFile(path, taken.bytes, { flag: 'wx' });
        return { kind: 'copied' as const, sizeBytes: taken.bytes.byteLength };
      }),
    async *list() {
      for (const [digest, bytes] of blobs)
        yield await Promise.resolve({ digest, sizeBytes: bytes.byteLength });
    },
  };
}

/** An action store in memory, holding the same texts as one on disk. */
export function memoryActionStore(entries: Map<TaskKey, string> = new Map()): ActionStore {
  const get = (key: TaskKey) => {
    const text = entries.get(key);
    if (text === undefined) return { kind: 'absent' as const };
    const result = decodeActionResult(text);
    if (result?.key === key) return { kind: 'found' as const, result };
    entries.delete(key);
    return { kind: 'corrupt' as const, movedTo: 'nowhere' };
  };
  return {
    peek(key) {
      const found = get(key);
      return found.kind === 'found' ? found.result : undefined;
    },
    refresh: () => [],
    mark: () => ({}),
    // It cannot tell, and so has every shard looked at.
    changedSince: () => new Set([...entries.keys()].map((key) => key.slice(0, 2))),
    get: (key) => Promise.resolve(get(key)),
    put(result) {
      const existing = get(result.key);
      if (existing.kind === 'found') {
        const same = sameOutputs(existing.result, result);
        return Promise.resolve({ kind: 'exists', same, existing: existing.result });
      }
      entries.set(result.key, encodeActionResult(result));
      return Promise.resolve({ kind: 'stored' });
    },
    async *list() {
      for (const key of entries.keys()) {
        const found = await Promise.resolve(get(key));
        if (found.kind === 'found') yield found.result;
      }
    },
  };
}
