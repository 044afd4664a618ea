import { chmod, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readyArchive } from '../../../cache/archive/write-archive.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';
import { blobPath } from '../../../cache/local/store-folder.ts';
import { expectKind } from '../support/expect-kind.ts';
import { temporaryFolder, temporaryStore, unpublishedFiles } from '../support/temporary-store.ts';
import { big, blobsIn, expectSound, filled, ready, take, tarOf } from './made-archives.ts';
import type { Filled } from './made-archives.ts';
import { output, packed } from './tars.ts';

let from: Filled;
let tar: Buffer;

beforeEach(async () => {
  from = await filled();
  tar = await tarOf(from);
});

describe('an archive', () => {
  it('brings all that it was made from into another store, and nothing twice', async () => {
    const store = await temporaryStore();
    const report = await take(store, tar);
    expect(report).toMatchObject({ problems: [], contents: { study: 'small', lacking: [] } });
    expect([...report.taken]).toEqual(from.keys);
    expect(report.files.get('study/small.yaml')).toEqual(Buffer.from('study: small\n'));
    expect(await blobsIn(store)).toEqual(await blobsIn(from.store));
    for (const key of from.keys)
      expect(await store.actions.get(key)).toEqual(await from.store.actions.get(key));
    for (const key of from.keys)
      expect(store.originOf?.(key)).toEqual({ kind: 'archive', name: 'small.tar' });
    await expectSound(store);
    const again = await take(store, tar);
    expect([again.taken.size, again.stood.size, again.blobs.taken, again.problems]).toEqual([0, 2, 0, []]);
  });

  it('is the same bytes for the same results, whoever exports them, and the same again after an import', async () => {
    const store = await temporaryStore();
    await take(store, tar);
    expect((await tarOf({ store, keys: from.keys })).equals(tar)).toBe(true);
  });

  it('gives a reader with tar and sha256sum alone what the index promises', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'small.tar'), tar);
    await output('tar', ['-xf', 'small.tar'], dir);
    const [head = '', ...lines] = (await readFile(join(dir, 'small/index.tsv'), 'utf8')).trim().split('\n');
    const rows = lines.map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(head.split('\t').map((name, index) => [name, cells[index] ?? '']));
    });
    expect(rows.filter(({ what }) => what === 'file').map(({ path }) => path)).toEqual([
      ...['model.json', 'model/weights.bin', 'empty.txt', 'scores.json'],
    ]);
    for (const { member, sha256, bytes } of rows) {
      const content = await readFile(join(dir, member!));
      expect([digestOf(content), String(content.byteLength)]).toEqual([sha256, bytes]);
    }
    const files = (await readdir(join(dir, 'small/blobs'), { recursive: true })).filter(
      (name) => name.length > 2,
    );
    expect(files).toHaveLength(new Set(rows.map(({ sha256 }) => sha256)).size);
    // Packed anew by somebody, in whatever order: it is an archive still.
    await output('tar', ['--sort=name', '-cf', 'again.tar', './small'], dir);
    const store = await temporaryStore();
    expect(await take(store, await readFile(join(dir, 'again.tar')))).toMatchObject({ problems: [] });
    expect(await blobsIn(store)).toEqual(await blobsIn(from.store));
  });

  it('is looked through without a change to the store', async () => {
    const store = await temporaryStore();
    const report = await take(store, tar, true);
    expect([report.taken.size, report.blobs.taken, report.problems]).toEqual([
      ...[2, (await blobsIn(from.store)).length, []],
    ]);
    expect(await blobsIn(store)).toEqual([]);
    expect(await store.actions.get(from.keys[0]!)).toEqual({ kind: 'absent' });
    expect(await unpublishedFiles(store)).toEqual([]);
  });

  it('leaves a result that stands, and says that another came', async () => {
    const store = await temporaryStore();
    const [key] = from.keys;
    const found = expectKind(await from.store.actions.get(key!), 'found');
    const other = { ...found.result, outputs: { out: digestOf('other bytes') } };
    await store.actions.put(other);
    const report = await take(store, tar);
    expect([[...report.differ], report.taken.size, report.problems]).toEqual([[key], 1, []]);
    expect(await store.actions.get(key!)).toEqual({ kind: 'found', result: other });
  });

  it('serves without files that had been let go, and says which', async () => {
    const some = await filled();
    await rm(blobPath(some.store, some.big));
    const archive = await ready(some);
    expect(archive.lacking).toEqual([some.big]);
    const store = await temporaryStore();
    const report = await take(store, await packed(archive.pack()));
    expect([report.taken.size, report.problems]).toEqual([2, []]);
    expect(await store.blobs.has(some.big)).toBe(false);
  });

  it('is not made of a result whose manifest or action is gone', async () => {
    const some = await filled();
    await rm(blobPath(some.store, some.keys[1] as string as Digest));
    const archive = await readyArchive({
      ...{ store: some.store, study: 'small', top: 'small', data: [], files: [] },
      tasks: some.keys.map((key) => ({ task: 'a', kind: 'train', key })),
    });
    expect(archive).toMatchObject({ kind: 'gone', what: 'the text of its action' });
  });

  it('stops where a blob turns out damaged', async () => {
    const some = await filled();
    const path = blobPath(some.store, some.big);
    await chmod(path, 0o644);
    await writeFile(path, Buffer.concat([big.subarray(1), Buffer.from('x')]));
    await expect(tarOf(some)).rejects.toThrow(`${path} is damaged`);
  });
});
