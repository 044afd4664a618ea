import { chmod, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { archivedDataJson } from '../../../cache/archive/archived-data.ts';
import type { ArchivedData } from '../../../cache/archive/archived-data.ts';
import { decodeContents, encodeContents } from '../../../cache/archive/contents.ts';
import { recallData, rememberData, rememberedNames } from '../../../cache/archive/remembered-data.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import { sealRecord } from '../../../cache/sealed-record.ts';
import { verifyStore } from '../../../cache/upkeep/verify-store.ts';
import { expectKind } from '../support/expect-kind.ts';
import { temporaryStore, unpublishedFiles } from '../support/temporary-store.ts';

const name = { data: 'voc', adapter: 'voc', version: 2, options: { year: 2007 } };
const made = (content: string): ArchivedData => ({
  ...{ ...name, digest: digestOf(content), files: 3, bytes: 700 },
});

describe('data that an archive tells of', () => {
  it('is recalled as its study had it, by all that its identity depends on', async () => {
    const store = await temporaryStore();
    const parts = [made('all'), { ...made('one'), part: 'sketch' }];
    await rememberData(store, { study: 'look', archive: 'look.tar', data: parts });
    const recall = (more: object): string | undefined =>
      recallData([store.root], { study: 'look', ...name, ...more })?.digest;
    expect(recallData([store.root], { study: 'look', ...name })).toEqual({
      ...{ archive: 'look.tar', digest: digestOf('all'), files: 3, bytes: 700 },
    });
    expect(recall({ part: 'sketch' })).toBe(digestOf('one'));
    for (const other of [{ part: 'edge' }, { version: 3 }, { options: {} }, { adapter: 'x' }, { data: 'x' }])
      expect(recall(other)).toBeUndefined();
    expect(await unpublishedFiles(store)).toEqual([]);
  });

  it('is that of the newest archive of its study, and serves another study where all agree', async () => {
    const store = await temporaryStore();
    const below = await temporaryStore();
    const recall = (study: string): string | undefined =>
      recallData([store.root, below.root], { study, ...name })?.digest;
    await rememberData(below, { study: 'old', archive: '1.tar', data: [made('a')] });
    expect([recall('old'), recall('mine')]).toEqual([digestOf('a'), digestOf('a')]);
    await rememberData(store, { study: 'look', archive: '2.tar', data: [made('b')] });
    await rememberData(store, { study: 'look', archive: '3.tar', data: [made('c')] });
    expect([recall('look'), recall('mine')]).toEqual([digestOf('c'), digestOf('c')]);
    await rememberData(store, { study: 'other', archive: '4.tar', data: [made('d')] });
    expect([recall('look'), recall('other')]).toEqual([digestOf('c'), digestOf('d')]);
    // Two studies call different data the same, and nobody knows which of them a third one means.
    expect(recallData([store.root], { study: 'mine', ...name })).toBeUndefined();
    expect(rememberedNames([store.root], { study: 'look', adapter: 'voc' })).toEqual(['voc']);
    expect(rememberedNames([store.root], { study: 'mine', adapter: 'voc' })).toEqual([]);
  });

  it('is not known any more where its file is damaged, which verify names', async () => {
    const store = await temporaryStore();
    await rememberData(store, { study: 'look', archive: 'look.tar', data: [made('a')] });
    const [file = ''] = await readdir(`${store.root}/index/data`);
    const path = `${store.root}/index/data/${file}`;
    await chmod(path, 0o644);
    await writeFile(path, '{"format":1,"studies":{}}\n');
    expect(recallData([store.root], { study: 'look', ...name })).toBeUndefined();
    const { findings } = expectKind(await verifyStore({ store }), 'verified');
    expect(findings).toMatchObject([{ path, wayOut: expect.stringContaining('import') as string }]);
    await rememberData(store, { study: 'look', archive: 'look.tar', data: [made('a')] });
    expect(recallData([store.root], { study: 'look', ...name })?.digest).toBe(digestOf('a'));
  });
});

describe('the contents of an archive', () => {
  const contents = { study: 'small', tasks: [], lacking: [], files: [] };

  it('tell of data, and are what they were before where there is none', () => {
    const data = [made('a'), { ...made('b'), part: 'sketch' }];
    expect(decodeContents(encodeContents({ ...contents, data }))).toEqual({
      ...{ kind: 'decoded', contents: { ...contents, data } },
    });
    const none = encodeContents({ ...contents, data: [] });
    expect(none).not.toContain('"data"');
    expect(decodeContents(none)).toEqual({ kind: 'decoded', contents: { ...contents, data: [] } });
  });

  it.each([
    ['a digest that is none', { digest: 'abc' }],
    ['a name that moves the cursor', { data: 'a\u001b[2J' }],
    ['fewer than no files', { files: -1 }],
    ['options that are a list', { options: [] }],
  ])('are damaged with %s', (_, wrong) => {
    const data: JsonObject[] = [{ ...archivedDataJson(made('a')), ...wrong }];
    expect(decodeContents(sealRecord({ format: 1, ...contents, data })).kind).toBe('damaged');
  });
});
