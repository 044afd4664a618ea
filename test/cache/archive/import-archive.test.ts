import { chmod, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { importArchive } from '../../../cache/archive/import-archive.ts';
import type { ArchiveProblem, ImportReport } from '../../../cache/archive/import-report.ts';
import { packTar } from '../../../cache/archive/tar/tar-writer.ts';
import { readyArchive } from '../../../cache/archive/write-archive.ts';
import type { ReadyArchive } from '../../../cache/archive/write-archive.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest, TaskKey } from '../../../cache/digest.ts';
import { blobPath } from '../../../cache/local/store-folder.ts';
import { newPrivateKey, openSigningKey } from '../../../cache/signatures/signature.ts';
import type { SigningPolicy } from '../../../cache/signatures/signing-policy.ts';
import type { Store } from '../../../cache/store.ts';
import { verifyStore } from '../../../cache/upkeep/verify-store.ts';
import { mayMount, smallDisk } from '../../faults/small-disk.ts';
import { expectKind } from '../support/expect-kind.ts';
import { fill } from '../support/filled-store.ts';
import { opened, temporaryFolder, temporaryStore, unpublishedFiles } from '../support/temporary-store.ts';
import { inPieces, output, packed, readTar } from './tars.ts';

interface Filled {
  readonly store: Store;
  readonly keys: readonly TaskKey[];
  readonly big: Digest;
}

const big = Buffer.alloc(1024 * 1024 + 7, 'weights of some size ');

/** Two results that share a file, one of them large. */
async function filled(options: { readonly signing?: SigningPolicy } = {}): Promise<Filled> {
  const store = await temporaryStore(options);
  const one = await fill(store, 'one', { 'model/weights.bin': big, 'model.json': '{"a":1}' });
  const two = await fill(store, 'two', { 'scores.json': '{"a":1}', 'empty.txt': '' });
  return { store, keys: [one.result.key, two.result.key], big: one.files.get('model/weights.bin')! };
}

async function ready({ store, keys }: Pick<Filled, 'store' | 'keys'>): Promise<ReadyArchive> {
  const archive = await readyArchive({
    ...{ store, study: 'small', top: 'small' },
    tasks: keys.map((key, index) => ({ task: `task@n=${index}`, kind: 'train', key })),
    files: [{ path: 'study/small.yaml', content: Buffer.from('study: small\n') }],
  });
  return expectKind(archive, 'ready');
}

const tarOf = async (from: Pick<Filled, 'store' | 'keys'>): Promise<Buffer> =>
  packed((await ready(from)).pack());

async function take(store: Store, bytes: Uint8Array, isDry = false): Promise<ImportReport> {
  return expectKind(await importArchive({ store, source: inPieces(bytes, 100_000), isDry }), 'read');
}

/** Whatever was imported: nothing is half there, and each result that stands is whole. */
async function expectSound(store: Store): Promise<void> {
  expect(await unpublishedFiles(store)).toEqual([]);
  expect(expectKind(await verifyStore({ store }), 'verified').findings).toEqual([]);
  for await (const { outputs, key } of store.actions.list()) {
    expect(await store.blobs.has(key as string as Digest)).toBe(true);
    for (const digest of Object.values(outputs)) expect(await store.artifacts.isComplete(digest)).toBe(true);
  }
}

async function blobsIn(store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { digest } of store.blobs.list()) found.push(digest);
  return found.sort();
}

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
      ...{ store: some.store, study: 'small', top: 'small', files: [] },
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

describe('a bad archive', () => {
  const worst = (problems: readonly ArchiveProblem[]): readonly string[] =>
    problems.map(({ reason }) => reason);

  it('that is cut off anywhere leaves whole results alone, and the rest comes with the whole', async () => {
    const { members } = await readTar(tar);
    const ends = members.map(({ offset, sizeBytes, ordinal }) =>
      ordinal % 2 === 0 ? offset : offset + 512 + (sizeBytes >> 1),
    );
    for (const length of ends) {
      const store = await temporaryStore();
      const report = await take(store, tar.subarray(0, length));
      expect(worst(report.problems)[0], String(length)).toBe('truncated');
      expect(report.problems[0]?.place?.offset).toBeLessThanOrEqual(length);
      await expectSound(store);
      expect((await take(store, tar)).problems).toEqual([]);
      expect(await blobsIn(store)).toEqual(await blobsIn(from.store));
    }
  });

  it('with a byte changed anywhere takes nothing wrong, and names the member', async () => {
    const { members } = await readTar(tar);
    for (const { offset, sizeBytes, name, ordinal } of members) {
      const inHeader = ordinal % 3 === 0 ? [offset + 20, offset + 130] : [];
      const inContent = sizeBytes > 0 ? [offset + 512 + (sizeBytes >> 1)] : [];
      for (const at of [...inHeader, ...inContent]) {
        const bad = Buffer.from(tar);
        bad[at]! ^= 1;
        const store = await temporaryStore();
        const { problems } = await take(store, bad);
        expect(problems.length, `${name} at ${at}`).toBeGreaterThan(0);
        if (at >= offset + 512) expect(problems[0]?.place?.name, name).toBe(name);
        else expect(problems[0]?.place?.offset).toBe(offset === 0 ? 0 : offset);
        await expectSound(store);
      }
    }
  });

  it.each([
    ['small/../../etc/passwd'],
    ['/etc/passwd'],
    ['small/blobs/../x'],
    ['small/study/a\\..\\b'],
    ['small/blobs/ab/not-a-digest'],
    ['elsewhere.txt'],
    [`small/blobs/00/${'1'.repeat(64)}`],
    [`small/results/11/${'1'.repeat(64)}.short`],
  ])('with a member %s is refused there', async (name) => {
    const store = await temporaryStore();
    const bytes = await packed(packTar([{ name, sizeBytes: 1, bytes: [Buffer.from('x')] }]));
    const { problems } = await take(store, bytes);
    expect(problems[0]).toMatchObject({ reason: 'refused', place: { name, ordinal: 1, offset: 0 } });
    expect(await blobsIn(store)).toEqual([]);
  });

  it('that holds what it does not list, or lists what it does not hold, is named', async () => {
    const { members } = await readTar(tar);
    const repacked = (change: (name: string) => boolean, more: readonly (readonly [string, string])[] = []) =>
      packed(
        packTar(
          [
            ...members
              .filter(({ name }) => change(name))
              .map(({ name, content }) => [name, content] as const),
            ...more,
          ].map(([name, content]) => ({
            name,
            sizeBytes: content.length,
            bytes: [Buffer.from(content, 'latin1')],
          })),
        ),
      );
    const [key] = from.keys;
    const cases: readonly (readonly [Buffer, RegExp])[] = [
      [
        await repacked((name) => !name.endsWith(`results/${key!.slice(0, 2)}/${key!}`)),
        /the result of task@n=0 is not in it/,
      ],
      [await repacked((name) => !name.endsWith('small.yaml')), /study\/small.yaml is not in it/],
      [await repacked(() => true, [['small/study/evil.sh', 'rm']]), /does not list it/],
      [
        await repacked((name) => !name.endsWith(from.big)),
        /the file model\/weights.bin of its output 'out' .* is missing/,
      ],
      [await repacked((name) => !name.endsWith('archive.json')), /holds no archive.json/],
    ];
    for (const [bytes, words] of cases) {
      const store = await temporaryStore();
      const report = await take(store, bytes);
      expect(report.problems.map(({ detail }) => detail).join('\n')).toMatch(words);
      expect(report.files.has('study/evil.sh')).toBe(false);
      await expectSound(store);
    }
  });

  it('of a later format is left alone', async () => {
    const text = `{"format":2}\n${digestOf('{"format":2}')}\n`;
    const bytes = await packed(
      packTar([{ name: 'a/archive.json', sizeBytes: text.length, bytes: [Buffer.from(text)] }]),
    );
    expect(worst((await take(await temporaryStore(), bytes)).problems)).toEqual(['newer-format']);
  });

  it('leaves a full disk with whole results alone, and goes on when there is room', async () => {
    const dir = join(await temporaryFolder(), 'disk');
    if (!mayMount(dir)) return;
    using _ = smallDisk(dir, 768 * 1024);
    const store = await opened({ dir: join(dir, '.sweetspot') });
    const failure = await importArchive({ store, source: inPieces(tar) });
    expect(failure).toMatchObject({ kind: 'store-failure', reason: 'no-space' });
    await expectSound(store);
  });
});

describe('signatures', () => {
  it('travel, and count where they are demanded', async () => {
    const dir = await temporaryFolder();
    const pem = newPrivateKey();
    await writeFile(join(dir, 'key.pem'), pem);
    const { publicKey } = openSigningKey(pem)!;
    const signed = await filled({ signing: { demanded: false, signers: [], keyFile: join(dir, 'key.pem') } });
    const bytes = await tarOf(signed);
    const demanding = (signers: SigningPolicy['signers']) =>
      temporaryStore({ signing: { demanded: true, signers, keyFile: undefined } });

    const ada = [{ name: 'ada', key: publicKey }];
    const trusting = await demanding(ada);
    expect(await take(trusting, bytes)).toMatchObject({ problems: [] });
    for (const key of signed.keys)
      expect(await trusting.actions.get(key)).toEqual(await signed.store.actions.get(key));
    // Handed on again, they are signed still.
    const further = await demanding(ada);
    expect((await take(further, await tarOf({ store: trusting, keys: signed.keys }))).taken.size).toBe(2);

    const stranger = openSigningKey(newPrivateKey())!.publicKey;
    for (const [signers, archive, words] of [
      [[{ name: 'ben', key: stranger }], bytes, /nobody whose results you trust has signed it/],
      [ada, tar, /nobody has signed it, and this store demands signatures/],
    ] as const) {
      const store = await demanding(signers);
      const report = await take(store, archive);
      expect(worstOf(report)).toEqual(['untrusted', 'untrusted']);
      expect(report.problems[0]?.detail).toMatch(words);
      expect(report.taken.size).toBe(0);
    }

    const { members } = await readTar(bytes);
    const forged = members.map(({ name, content }) => ({
      name,
      sizeBytes: content.length,
      bytes: [
        Buffer.from(
          name.includes('.') && name.includes('results') ? content.replace('1234.5', '1234.6') : content,
          'latin1',
        ),
      ],
    }));
    const report = await take(await demanding(ada), await packed(packTar(forged)));
    expect(worstOf(report)).toEqual(['untrusted', 'untrusted']);
  });

  const worstOf = ({ problems }: ImportReport): readonly string[] => problems.map(({ reason }) => reason);
});
