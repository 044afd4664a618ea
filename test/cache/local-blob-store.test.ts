import {
  chmod,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import { blobPath } from '../../cache/local/store-folder.ts';
import type { Store } from '../../cache/store.ts';
import { expectKind } from './support/expect-kind.ts';
import { temporaryFolder, temporaryStore, unpublishedFiles } from './support/temporary-store.ts';

const digest = digestOf('bytes');

async function age(path: string): Promise<void> {
  await utimes(path, new Date('2020-01-01'), new Date('2020-01-01'));
}

async function ageMs(path: string): Promise<number> {
  return Date.now() - (await stat(path)).mtimeMs;
}

async function names(store: Store, folder: string): Promise<readonly string[]> {
  return await readdir(`${store.root}/${folder}`);
}

describe('the local blob store', () => {
  it('lays blobs out by the first byte of their digest, read-only', async () => {
    const store = await temporaryStore();
    await store.blobs.putBytes('bytes');
    const path = `${store.root}/cas/${digest.slice(0, 2)}/${digest}`;
    expect(await readFile(path, 'utf8')).toBe('bytes');
    expect((await stat(path)).mode & 0o222).toBe(0);
    expect((await stat(path)).nlink).toBe(1);
    expect(await unpublishedFiles(store)).toEqual([]);
  });

  it.each(['putBytes', 'putUnsynced'] as const)('%s makes good what a power cut has emptied', async (put) => {
    const store = await temporaryStore();
    await store.blobs.putUnsynced('bytes');
    const path = blobPath(store, digest);
    await chmod(path, 0o644);
    await truncate(path, 0);
    expectKind(await store.blobs[put]('bytes'), 'stored');
    expect(await readFile(path, 'utf8')).toBe('bytes');
    expect(await names(store, 'quarantine')).toHaveLength(1);
  });

  it('renews the time of a blob that is put again, be it bytes, a small file or a large one', async () => {
    const store = await temporaryStore();
    const folder = await temporaryFolder();
    await writeFile(`${folder}/small`, 'bytes');
    await writeFile(`${folder}/large`, Buffer.alloc(3_000_000, 1));
    const large = expectKind(await store.blobs.putFile(`${folder}/large`), 'stored');
    await store.blobs.putBytes('bytes');
    const puts = [
      [digest, () => store.blobs.putBytes('bytes')],
      [digest, () => store.blobs.putFile(`${folder}/small`)],
      [large.digest, () => store.blobs.putFile(`${folder}/large`)],
    ] as const;
    for (const [which, put] of puts) {
      const path = blobPath(store, which);
      await age(path);
      expectKind(await put(), 'stored');
      expect(await ageMs(path)).toBeLessThan(60_000);
    }
    expect(await unpublishedFiles(store)).toEqual([]);
  });

  it('does not refresh what was cut short by a crash, but writes it anew', async () => {
    const store = await temporaryStore();
    await store.blobs.putBytes('bytes');
    await chmod(blobPath(store, digest), 0o644);
    await truncate(blobPath(store, digest), 2);
    expectKind(await store.blobs.putBytes('bytes'), 'stored');
    expect(await readFile(blobPath(store, digest), 'utf8')).toBe('bytes');
    expect(await names(store, 'quarantine')).toHaveLength(1);
  });

  it('moves a damaged blob aside, where it can be looked at', async () => {
    const store = await temporaryStore();
    await store.blobs.putBytes('bytes');
    await chmod(blobPath(store, digest), 0o644);
    await writeFile(blobPath(store, digest), 'wrong');
    const { movedTo } = expectKind(await store.blobs.read(digest), 'corrupt');
    expect(movedTo.startsWith(`${store.root}/quarantine/${digest}.`)).toBe(true);
    expect(await readFile(movedTo, 'utf8')).toBe('wrong');
  });

  it('fetches back from the trash what a reader misses, as fresh', async () => {
    const store = await temporaryStore();
    const readers = [
      async () => expectKind(await store.blobs.read(digest), 'found'),
      async () => expect(await store.blobs.has(digest)).toBe(true),
      async () => expectKind(await store.blobs.copyTo(digest, `${await temporaryFolder()}/x`), 'copied'),
    ];
    await mkdir(`${store.root}/trash/1-aa`);
    await mkdir(`${store.root}/trash/2-bb`);
    for (const reader of readers) {
      await store.blobs.putBytes('bytes');
      await age(blobPath(store, digest));
      await rename(blobPath(store, digest), `${store.root}/trash/2-bb/${digest}`);
      await reader();
      expect(await ageMs(blobPath(store, digest))).toBeLessThan(60_000);
    }
  });

  it.each(['umask', 'group'] as const)(
    'works on when folders of it have been removed: %s',
    async (sharing) => {
      const store = await temporaryStore({ sharing });
      for (const folder of ['cas', 'tmp', 'quarantine', 'trash'])
        await rm(`${store.root}/${folder}`, { recursive: true });
      await store.blobs.putBytes('bytes').then((put) => expectKind(put, 'stored'));
      expectKind(await store.blobs.read(digest), 'found');
      await chmod(blobPath(store, digest), 0o644);
      await writeFile(blobPath(store, digest), 'wrong');
      expectKind(await store.blobs.read(digest), 'corrupt');
      expect(await store.blobs.read(digest)).toEqual({ kind: 'absent', digest });
    },
  );

  it('lists blobs only', async () => {
    const store = await temporaryStore();
    await store.blobs.putBytes('bytes');
    await writeFile(`${store.root}/cas/${digest.slice(0, 2)}/stray`, 'stray');
    const found: string[] = [];
    for await (const blob of store.blobs.list()) found.push(blob.digest);
    expect(found).toEqual([digest]);
  });
});
