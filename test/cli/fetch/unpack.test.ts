import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, type FetchFailure } from '../../../cli/fetch/fetch-failure.ts';
import type { PublishedDataSet } from '../../../cli/fetch/published.ts';
import { partsUnder, safeParts } from '../../../cli/fetch/safe-path.ts';
import { unpack, type Unpacked } from '../../../cli/fetch/unpack.ts';
import { tarGz, zip } from './archives.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sweetspot-unpack-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

async function unpacked(
  bytes: Buffer,
  set: Partial<Pick<PublishedDataSet, 'archive' | 'root' | 'only'>> = {},
): Promise<Unpacked | FetchFailure> {
  const file = join(dir, 'archive');
  await writeFile(file, bytes);
  const signal = new AbortController().signal;
  const into = join(dir, 'inner/into');
  try {
    return await unpack({ file, set: { archive: 'tar.gz', root: '', ...set }, into, signal });
  } catch (error) {
    return failureOf(error);
  }
}

const refused = (message: string): object => ({
  kind: 'bad-archive',
  message: expect.stringContaining(message) as string,
});
const good = { path: 'a/1.txt', content: 'one' };

describe('unpacking', () => {
  it('takes the folder and the files that are wanted, of tar and zip', async () => {
    const items = [
      good,
      { path: 'x/raw-data/edge/edge_subject-01.csv', content: 'human' },
      { path: 'x/raw-data/edge/edge_resnet50.csv', content: 'model' },
      { path: 'x/code.py', content: 'code' },
    ];
    const wanted = { root: '*/raw-data', only: /_subject-/ };
    const fromTar = await unpacked(tarGz(items), wanted);
    expect(fromTar).toMatchObject({ files: 1, bytes: 5 });
    expect(await readFile(join(dir, 'inner/into/edge/edge_subject-01.csv'), 'utf8')).toBe('human');
    await rm(join(dir, 'inner'), { recursive: true });
    expect(await unpacked(zip(items), { ...wanted, archive: 'zip' })).toEqual(fromTar);
    expect(await readdir(join(dir, 'inner/into'), { recursive: true })).toEqual([
      'edge',
      'edge/edge_subject-01.csv',
    ]);
  });

  it.each([
    ['a path upwards', '../evil'],
    ['a path upwards within', 'a/../../evil'],
    ['an absolute path', '/tmp/evil'],
    ['a path of another system', 'a\\..\\evil'],
    ['a drive', 'C:/evil'],
  ])('refuses %s', async (_what, path) => {
    expect(await unpacked(tarGz([good, { path, content: 'x' }]))).toMatchObject(refused('leads elsewhere'));
    expect(existsSync(join(dir, 'evil'))).toBe(false);
    expect(existsSync(join(dir, 'inner/evil'))).toBe(false);
  });

  it('refuses links and what follows them', async () => {
    for (const type of ['1', '2'] as const) {
      const link = { path: 'a/link', type, link: '/tmp' };
      expect(await unpacked(tarGz([link, { path: 'a/link/evil', content: 'x' }]))).toMatchObject(
        refused('a link'),
      );
    }
    expect(
      await unpacked(zip([{ path: 'l', content: '/tmp', mode: 0o120777 }]), { archive: 'zip' }),
    ).toMatchObject(refused('a link'));
  });

  it('refuses paths upwards in a zip', async () => {
    const found = await unpacked(zip([{ path: '../evil', content: 'x' }]), { archive: 'zip' });
    expect(found).toMatchObject({ kind: 'bad-archive' });
    expect(existsSync(join(dir, 'inner/evil'))).toBe(false);
  });

  it('refuses what unpacks to far more than its size', async () => {
    const bomb = tarGz([
      { path: 'zeros', content: new Uint8Array(8 * 2 ** 20) },
      { path: 'noise', content: randomBytes(20_000) },
    ]);
    expect(bomb.length).toBeLessThan(40_000);
    expect(await unpacked(bomb)).toMatchObject(refused('unpacks to more'));
  });

  it('refuses a file twice, and one where a folder is', async () => {
    expect(await unpacked(tarGz([good, good]))).toMatchObject(refused('twice'));
    await rm(join(dir, 'inner'), { recursive: true });
    expect(await unpacked(tarGz([good, { path: 'a', content: 'x' }]))).toMatchObject(refused('twice'));
  });

  it('says what is damaged, no archive, or lacks what is wanted', async () => {
    const whole = tarGz([{ path: 'a', content: 'x'.repeat(5000) }]);
    expect(await unpacked(whole.subarray(0, whole.length - 20))).toMatchObject(refused('cannot be unpacked'));
    await rm(join(dir, 'inner'), { recursive: true });
    expect(await unpacked(Buffer.from('<html>Sign in</html>'.repeat(100)))).toMatchObject(
      refused('cannot be unpacked'),
    );
    expect(await unpacked(Buffer.from('no zip'), { archive: 'zip' })).toMatchObject(
      refused('cannot be unpacked'),
    );
    expect(await unpacked(tarGz([good]), { root: 'edge' })).toMatchObject(refused('no file under edge/'));
  });
});

describe('paths', () => {
  it('are taken apart', () => {
    expect(safeParts('./a/b/')).toEqual(['a', 'b']);
    expect(safeParts('././a')).toEqual(['a']);
    expect(safeParts('./')).toEqual([]);
    for (const path of ['/', '/a', 'a//b', '..', 'a/..', 'a/./b', 'a\u0000', 'c:x'])
      expect(safeParts(path)).toBeUndefined();
    expect(partsUnder(['a', 'b', 'c'], '*/b')).toEqual(['c']);
    expect(partsUnder(['a'], 'a/b')).toBeUndefined();
    expect(partsUnder(['a'], '')).toEqual(['a']);
  });
});
