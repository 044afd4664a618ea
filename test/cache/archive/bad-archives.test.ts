import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { importArchive } from '../../../cache/archive/import-archive.ts';
import type { ArchiveProblem } from '../../../cache/archive/import-report.ts';
import { packTar } from '../../../cache/archive/tar/tar-writer.ts';
import { digestOf } from '../../../cache/digest.ts';
import { sealRecord } from '../../../cache/sealed-record.ts';
import { mayMount, smallDisk } from '../../faults/small-disk.ts';
import { temporaryFolder as folderFor } from '../../support/command.ts';
import { opened, temporaryFolder, temporaryStore } from '../support/temporary-store.ts';
import { blobsIn, expectSound, filled, take, tarOf } from './made-archives.ts';
import type { Filled } from './made-archives.ts';
import { inPieces, packed, readTar } from './tars.ts';

await using probe = await folderFor();
const mounts = mayMount(join(probe.path, 'disk'));
if (!mounts)
  process.stderr.write('NOT CHECKED: archives on a full disk; nobody may mount one on this machine\n');

let from: Filled;
let tar: Buffer;

beforeEach(async () => {
  from = await filled();
  tar = await tarOf(from);
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

  it('whose list of contents could write to a terminal, or is none, is left alone', async () => {
    for (const text of [
      sealRecord({ format: 1, study: 'a\u001b[2J', tasks: [], lacking: [], files: [] }),
      sealRecord({
        format: 1,
        study: 'a',
        tasks: [{ task: 'x\n', kind: 'k', key: '0'.repeat(64) }],
        lacking: [],
        files: [],
      }),
      sealRecord({ format: 1, study: 'a', tasks: [], lacking: ['x'], files: [] }),
      'nothing',
    ]) {
      const bytes = await packed(
        packTar([{ name: 'a/archive.json', sizeBytes: text.length, bytes: [Buffer.from(text)] }]),
      );
      expect(worst((await take(await temporaryStore(), bytes)).problems)).toEqual(['damaged']);
    }
  });

  it('of a later format is left alone', async () => {
    const text = `{"format":2}\n${digestOf('{"format":2}')}\n`;
    const bytes = await packed(
      packTar([{ name: 'a/archive.json', sizeBytes: text.length, bytes: [Buffer.from(text)] }]),
    );
    expect(worst((await take(await temporaryStore(), bytes)).problems)).toEqual(['newer-format']);
  });

  it.runIf(mounts)(
    'leaves a full disk with whole results alone, and goes on when there is room',
    async () => {
      const dir = join(await temporaryFolder(), 'disk');
      using disk = smallDisk(dir, 4 * 1024 * 1024);
      const store = await opened({ dir: join(dir, '.sweetspot') });
      disk.fill(512 * 1024);
      const failure = await importArchive({ store, source: inPieces(tar), name: 'small.tar' });
      expect(failure).toMatchObject({ kind: 'store-failure', reason: 'no-space' });
      await expectSound(store);
      disk.empty();
      expect(await take(store, tar)).toMatchObject({ problems: [] });
      expect(await blobsIn(store)).toEqual(await blobsIn(from.store));
    },
  );
});
