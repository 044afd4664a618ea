import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishFolder } from '../../../../vision/tensors/native/publish.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'publish-'));
});
afterEach(() => rm(root, { recursive: true }));

const isWhole = (dir: string): boolean => existsSync(join(dir, 'stamp'));

async function staged(name: string): Promise<string> {
  const dir = join(root, name);
  await mkdir(join(dir, 'lib'), { recursive: true });
  await writeFile(join(dir, 'lib', 'code'), name);
  await writeFile(join(dir, 'stamp'), name);
  return dir;
}

describe('publishFolder', () => {
  it('puts a folder where there was none', async () => {
    await publishFolder(await staged('a'), { to: join(root, 'target'), isWhole });
    expect(await readdir(root)).toEqual(['target']);
  });

  it('leaves a whole one as it is', async () => {
    const to = join(root, 'target');
    await publishFolder(await staged('a'), { to, isWhole });
    await publishFolder(await staged('b'), { to, isWhole });
    expect(await readFile(join(to, 'stamp'), 'utf8')).toBe('a');
    expect(await readdir(root)).toEqual(['target']);
  });

  it('replaces a broken one', async () => {
    const to = join(root, 'target');
    await mkdir(join(to, 'lib'), { recursive: true });
    await writeFile(join(to, 'lib', 'half'), 'x');
    await publishFolder(await staged('a'), { to, isWhole });
    expect(await readdir(join(to, 'lib'))).toEqual(['code']);
    expect(await readdir(root)).toEqual(['target']);
  });

  it('ends well for several at once, broken destination or not', async () => {
    const to = join(root, 'target');
    await mkdir(join(to, 'lib'), { recursive: true });
    const folders = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(staged));
    await Promise.all(folders.map((from) => publishFolder(from, { to, isWhole })));
    expect(await readdir(root)).toEqual(['target']);
    const winner = await readFile(join(to, 'stamp'), 'utf8');
    expect(await readFile(join(to, 'lib', 'code'), 'utf8')).toBe(winner);
  });
});
