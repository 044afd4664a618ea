import { chmod, readFile, writeFile } from 'node:fs/promises';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import { actionPath, blobPath } from '../../cache/local/store-folder.ts';
import { describeActionStore } from './support/action-store-contract.ts';
import { describeBlobStore } from './support/blob-store-contract.ts';
import { memoryActionStore, memoryBlobStore } from './support/memory-stores.ts';
import { temporaryStore } from './support/temporary-store.ts';

describeBlobStore('memory', () => {
  const map = new Map<Digest, Buffer>();
  return Promise.resolve({
    blobs: memoryBlobStore(map),
    damage: (digest, change) => Promise.resolve(void map.set(digest, change(map.get(digest)!))),
  });
});

describeBlobStore('a local folder', async () => {
  const store = await temporaryStore();
  return { blobs: store.blobs, damage: (digest, change) => damageFile(blobPath(store, digest), change) };
});

describeBlobStore('a shared local folder', async () => {
  const store = await temporaryStore({ sharing: 'group' });
  return { blobs: store.blobs, damage: (digest, change) => damageFile(blobPath(store, digest), change) };
});

describeBlobStore('a folder of its own over one that is only read', async () => {
  const below = await temporaryStore();
  const store = await temporaryStore({ over: below.root });
  return { blobs: store.blobs, damage: (digest, change) => damageFile(blobPath(store, digest), change) };
});

describeActionStore('memory', () => {
  const map = new Map<TaskKey, string>();
  return Promise.resolve({
    actions: memoryActionStore(map),
    damage: (key, change) =>
      Promise.resolve(void map.set(key, change(Buffer.from(map.get(key)!)).toString())),
  });
});

describeActionStore('a local folder', async () => {
  const store = await temporaryStore();
  return { actions: store.actions, damage: (key, change) => damageFile(actionPath(store, key), change) };
});

describeActionStore('a folder of its own over one that is only read', async () => {
  const below = await temporaryStore();
  const store = await temporaryStore({ over: below.root });
  return { actions: store.actions, damage: (key, change) => damageFile(actionPath(store, key), change) };
});

async function damageFile(path: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, change(await readFile(path)));
}
