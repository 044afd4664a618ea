import { constants, existsSync } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileCopier } from '../../cache/local/copy-file.ts';
import { expectKind } from '../cache/support/expect-kind.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';
import { keysIn, openRig, storeAt } from './rig.ts';
import type { Rig } from './rig.ts';
import { allTasks } from './study.ts';

const minutes = 60_000;

/** How often a copy by reflink was tried, and how often the file system refused. */
const clones = vi.hoisted(() => ({ tried: 0, refused: 0 }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const counted: typeof real.copyFile = async (source, target, mode) => {
    clones.tried += 1;
    try {
      await real.copyFile(source, target, mode);
    } catch (error) {
      clones.refused += 1;
      throw error;
    }
  };
  return { ...real, copyFile: counted };
});

/** A file system that has no reflinks: tmpfs, where there is one. */
const withoutReflinks = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

describe('a file system without reflinks', () => {
  let dir: string;
  beforeAll(async () => (dir = await mkdtemp(join(withoutReflinks, 'sweetspot-'))));
  afterAll(() => rm(dir, { recursive: true, force: true }));
  beforeEach(() => Object.assign(clones, { tried: 0, refused: 0 }));

  it('is one', async () => {
    await writeFile(join(dir, 'a'), 'a');
    const clone = copyFile(join(dir, 'a'), join(dir, 'b'), constants.COPYFILE_FICLONE_FORCE);
    await expect(clone).rejects.toThrow(/ENOTSUP|EOPNOTSUPP|ENOTTY|EXDEV|EINVAL/);
  });

  it('is asked once for a clone; files are copied byte by byte then, and never linked', async () => {
    const source = join(dir, 'large');
    await writeFile(source, Buffer.alloc(3_000_000, 'large'));
    const copier = new FileCopier();
    for (const name of ['first', 'second']) {
      const copied = await copier.copy({ source, target: join(dir, name), mode: 0o444 });
      expect(copied.sizeBytes).toBe(3_000_000);
      expect(await holdsTheSame(join(dir, name), source)).toBe(true);
      expect((await stat(join(dir, name))).ino).not.toBe((await stat(source)).ino);
    }
    expect(clones).toEqual({ tried: 1, refused: 1 });
    const store = await storeAt(join(dir, 'store'));
    const { digest } = expectKind(await store.blobs.putFile(source), 'stored');
    expectKind(await store.blobs.copyTo(digest, join(dir, 'out')), 'copied');
    expect(await holdsTheSame(join(dir, 'out'), source)).toBe(true);
    expect(clones).toEqual({ tried: 2, refused: 2 });
  });

  it(
    'holds the store of a study that lies elsewhere',
    async () => {
      await using rig = await openRig();
      await symlink(join(dir, 'whole'), join(rig.dir, 'whole'));
      await mkdir(join(dir, 'whole'));
      await behaves(rig, 'whole');
    },
    5 * minutes,
  );
});

describe('a path with spaces, signs and letters of all kinds', () => {
  it.each([
    ['spaces and signs', 'two  words, $HOME "quoted" it\'s #1 & [a]{b}'],
    ['composed and decomposed letters', 'é e\u0301 日本語 🦆'],
  ])(
    '%s',
    async (_, name) => {
      await using rig = await openRig(name);
      await behaves(rig, `its store ${name}`);
    },
    5 * minutes,
  );
});

describe('a store over links', () => {
  it(
    'is the same by each of its paths',
    async () => {
      await using rig = await openRig();
      await mkdir(join(rig.dir, 'elsewhere'));
      await symlink('elsewhere', join(rig.dir, 'link'));
      await behaves(rig, 'link');
      const other = await rig.run('elsewhere');
      expect(await rig.problems('elsewhere', other)).toEqual([]);
      expect(await rig.executions()).toEqual(new Map());
    },
    5 * minutes,
  );

  it(
    'may have parts on other disks',
    async () => {
      await using rig = await openRig();
      await using disk = await elsewhere();
      await mkdir(join(rig.dir, 'parted'));
      for (const part of ['runs', 'work', 'claims', 'index']) {
        await mkdir(join(disk.path, part));
        await symlink(join(disk.path, part), join(rig.dir, 'parted', part));
      }
      await behaves(rig, 'parted');
    },
    5 * minutes,
  );
});

describe('names of 255 characters', () => {
  const [first, second] = ['y', 'z'].map((letter) => `${'n'.repeat(254)}${letter}`) as [string, string];
  const study = (values: string): string =>
    [
      'study: longest',
      `matrix: { axis: [${values}] }`,
      'tasks:',
      `  ${first}: { uses: command, per: [axis], with: { run: [sh, -c, 'echo said; echo made > out.txt'], outputs: { out: { type: files, path: out.txt } } } }`,
      `  ${second}: { uses: command, with: { run: [sh, -c, 'cat inputs/given/out.txt > out.txt'], inputs: { given: "\${{ ${first}.out }}" }, outputs: { out: { type: files, path: out.txt } } } }`,
    ].join('\n');

  it(
    'run, are cached, delivered, shown, logged and exported, each by its own name',
    async () => {
      await using folder = await temporaryFolder();
      const command = (...args: string[]): Promise<Finished> => sweetspot(args, { cwd: folder.path });
      await writeFile(join(folder.path, 'longest.yaml'), study(`1, ${'v'.repeat(200)}`));
      const ended = await command('run', 'longest.yaml', '--json');
      expect([ended.code, ended.stderr]).toEqual([0, '']);
      expect([...keysIn(ended).keys()].map((id) => id.length > 255)).toEqual([true, true, true, true]);
      const again = await command('run', 'longest.yaml');
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('0 run, 4 cached')]);
      const delivered = await readdir(join(folder.path, 'out/longest'));
      expect(delivered.map((name) => name.endsWith('.txt') && Buffer.byteLength(name) <= 255)).toEqual([
        true,
        true,
      ]);

      const address = `${first}@axis=1`;
      expect(await command('log', address)).toMatchObject({ code: 0, stdout: 'said\n' });
      for (const args of [['show', address], ['why', 'longest.yaml', address], ['status'], ['ls']])
        expect(await command(...args)).toMatchObject({ code: 0, stderr: '' });
      expect(await command('export', first, 'copies')).toMatchObject({ code: 0, stderr: '' });
      const copies = await readdir(join(folder.path, 'copies'));
      expect(copies).toHaveLength(2);
      for (const copy of copies)
        expect(await readFile(join(folder.path, 'copies', copy, 'out/out.txt'), 'utf8')).toBe('made\n');
      expect(await command('debug', second + '@axis=1', '--run', 'last', '--keep')).toMatchObject({
        code: 0,
      });
      expect(await command('cache', 'verify')).toMatchObject({ code: 0, stderr: '' });
    },
    5 * minutes,
  );

  it('one more is refused, with its place', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'longest.yaml'), study('1').replaceAll(first, `${first}y`));
    const refused = await sweetspot(['plan', 'longest.yaml'], { cwd: folder.path });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('at most 255 characters')]);
    expect(refused.stderr).toContain('longest.yaml:4');
  });
});

/** Each task is executed once, and makes what it makes elsewhere; the next run executes none, and the store is whole. */
async function behaves(rig: Rig, cache: string): Promise<void> {
  const ended = await rig.run(cache);
  expect(await rig.problems(cache, ended)).toEqual([]);
  expect(await rig.executions()).toEqual(new Map(allTasks.map((task) => [task, 1])));
  const again = await rig.run(cache);
  expect(await rig.problems(cache, again)).toEqual([]);
  expect(await rig.executions()).toEqual(new Map());
  const verify = await sweetspot(['cache', 'verify', '--cache', join(rig.dir, cache)], { cwd: rig.dir });
  expect([verify.code, verify.stderr]).toEqual([0, '']);
}

async function holdsTheSame(path: string, other: string): Promise<boolean> {
  return (await readFile(path)).equals(await readFile(other));
}

async function elsewhere(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(withoutReflinks, 'sweetspot-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
