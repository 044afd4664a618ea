import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlobStore } from '../../../cache/blob-store.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';
import { expectKind } from './expect-kind.ts';
import { temporaryFolder } from './temporary-store.ts';

export interface BlobStoreUnderTest {
  readonly blobs: BlobStore;
  /** Changes the bytes of a blob behind the store's back. */
  readonly damage: (digest: Digest, change: (bytes: Buffer) => Buffer) => Promise<void>;
}

/** What any store of blobs has to keep, whatever lies beneath. */
export function describeBlobStore(name: string, make: () => Promise<BlobStoreUnderTest>): void {
  describe(`${name} as a blob store`, () => {
    it('gives back what was put, under its SHA-256', async () => {
      const { blobs } = await make();
      const put = expectKind(await blobs.putBytes('hello'), 'stored');
      expect(put).toEqual({ kind: 'stored', digest: digestOf('hello'), sizeBytes: 5 });
      const read = expectKind(await blobs.read(put.digest), 'found');
      expect(Buffer.from(read.bytes).toString()).toBe('hello');
      expect(await blobs.has(put.digest)).toBe(true);
    });

    it('stores records that a power cut may take just as well, as long as there is none', async () => {
      const { blobs } = await make();
      const put = expectKind(await blobs.putUnsynced('record'), 'stored');
      expect(put).toEqual({ kind: 'stored', digest: digestOf('record'), sizeBytes: 6 });
      expectKind(await blobs.putUnsynced('record'), 'stored');
      expectKind(await blobs.putBytes('record'), 'stored');
      const read = expectKind(await blobs.read(put.digest), 'found');
      expect(Buffer.from(read.bytes).toString()).toBe('record');
    });

    it('gives back any bytes', async () => {
      const { blobs } = await make();
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
          const { digest } = expectKind(await blobs.putBytes(bytes), 'stored');
          const read = expectKind(await blobs.read(digest), 'found');
          expect(Buffer.from(read.bytes).equals(bytes)).toBe(true);
        }),
        { numRuns: 30 },
      );
    });

    it('says what is absent', async () => {
      const { blobs } = await make();
      const digest = digestOf('nothing');
      const path = `${await temporaryFolder()}/copy`;
      expect(await blobs.has(digest)).toBe(false);
      expect(await blobs.read(digest)).toEqual({ kind: 'absent', digest });
      expect(await blobs.copyTo(digest, path)).toEqual({ kind: 'absent', digest });
      await expect(readFile(path)).rejects.toThrow(/ENOENT/);
    });

    it.each([0, 1, 70_000, 3_000_000])('stores a file of %i bytes and copies it out', async (size) => {
      const { blobs } = await make();
      const folder = await temporaryFolder();
      const bytes = Buffer.alloc(size, 'sweet spot');
      await writeFile(`${folder}/in`, bytes);
      const put = expectKind(await blobs.putFile(`${folder}/in`), 'stored');
      expect(put).toEqual({ kind: 'stored', digest: digestOf(bytes), sizeBytes: size });
      expect(await blobs.copyTo(put.digest, `${folder}/out`)).toEqual({ kind: 'copied', sizeBytes: size });
      expect((await readFile(`${folder}/out`)).equals(bytes)).toBe(true);
    });

    it('is not changed by changing what was put or copied out', async () => {
      const { blobs } = await make();
      const folder = await temporaryFolder();
      await writeFile(`${folder}/in`, 'first');
      const { digest } = expectKind(await blobs.putFile(`${folder}/in`), 'stored');
      expectKind(await blobs.copyTo(digest, `${folder}/out`), 'copied');
      await writeFile(`${folder}/in`, 'other');
      await writeFile(`${folder}/out`, 'other');
      const read = expectKind(await blobs.read(digest), 'found');
      expect(Buffer.from(read.bytes).toString()).toBe('first');
    });

    it('never copies over a file', async () => {
      const { blobs } = await make();
      const path = `${await temporaryFolder()}/mine`;
      await writeFile(path, 'mine');
      const { digest } = expectKind(await blobs.putBytes('theirs'), 'stored');
      expectKind(await blobs.copyTo(digest, path), 'store-failure');
      expect(await readFile(path, 'utf8')).toBe('mine');
    });

    it('takes the same bytes twice, also at once', async () => {
      const { blobs } = await make();
      const puts = await Promise.all(Array.from({ length: 20 }, () => blobs.putBytes('again')));
      for (const put of puts) expectKind(put, 'stored');
      expect(await listed(blobs)).toEqual([{ digest: digestOf('again'), sizeBytes: 5 }]);
    });

    it('lists what it holds', async () => {
      const { blobs } = await make();
      expect(await listed(blobs)).toEqual([]);
      for (const text of ['a', 'bb', 'ccc']) await blobs.putBytes(text);
      const found = (await listed(blobs)).toSorted((a, b) => a.sizeBytes - b.sizeBytes);
      expect(found).toEqual(
        ['a', 'bb', 'ccc'].map((text) => ({ digest: digestOf(text), sizeBytes: text.length })),
      );
    });

    it('reports a missing file as a failure', async () => {
      const { blobs } = await make();
      expectKind(await blobs.putFile(`${await temporaryFolder()}/none`), 'store-failure');
    });

    const changes: readonly [string, (bytes: Buffer) => Buffer][] = [
      ['one bit flipped', (bytes) => Buffer.from(bytes.map((byte, at) => (at === 2 ? byte ^ 1 : byte)))],
      ['cut short', (bytes) => bytes.subarray(0, -1)],
      ['grown', (bytes) => Buffer.concat([bytes, Buffer.from('!')])],
      ['emptied', () => Buffer.alloc(0)],
    ];
    it.each(
      changes.flatMap(([name, change]) => [
        { what: `a small blob with ${name}`, precious: 'precious', change },
        { what: `a large blob with ${name}`, precious: 'precious'.repeat(30_000), change },
      ]),
    )('never serves $what, and takes it anew', async ({ precious, change }) => {
      const { blobs, damage } = await make();
      const folder = await temporaryFolder();
      const { digest } = expectKind(await blobs.putBytes(precious), 'stored');

      await damage(digest, change);
      expect(expectKind(await blobs.read(digest), 'corrupt').digest).toBe(digest);
      expect(await blobs.read(digest)).toEqual({ kind: 'absent', digest });

      expectKind(await blobs.putBytes(precious), 'stored');
      await damage(digest, change);
      expectKind(await blobs.copyTo(digest, `${folder}/out`), 'corrupt');
      await expect(readFile(`${folder}/out`)).rejects.toThrow(/ENOENT/);

      expectKind(await blobs.putBytes(precious), 'stored');
      expect(Buffer.from(expectKind(await blobs.read(digest), 'found').bytes).toString()).toBe(precious);
    });
  });
}

async function listed(blobs: BlobStore): Promise<readonly { digest: Digest; sizeBytes: number }[]> {
  const found: { digest: Digest; sizeBytes: number }[] = [];
  for await (const blob of blobs.list()) found.push(blob);
  return found;
}
