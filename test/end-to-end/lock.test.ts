import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finished } from '../support/command.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { printedJsonProblem } from '../support/printed-json.ts';
import { repositoryRoot } from '../support/shared.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let study: string;
let lock: string;

const run = (...args: readonly string[]): Promise<Finished> => sweetspot(args, { cwd: folder.path });
const at = (file: string): string => join(folder.path, file);

beforeAll(async () => {
  folder = await temporaryFolder();
  await copyFile(join(repositoryRoot, 'test/end-to-end/studies/words.yaml'), at('words.yaml'));
  study = await readFile(at('words.yaml'), 'utf8');
  const before = await run('lock', 'words.yaml');
  expect([before.code, before.stderr]).toEqual([1, expect.stringContaining('4 tasks without a result')]);
  const first = await run('run', 'words.yaml', '--write-lock');
  expect([first.code, first.stdout], first.stderr).toEqual([
    0,
    expect.stringContaining('words.lock was written: 4 tasks'),
  ]);
  lock = await readFile(at('words.lock'), 'utf8');
});

afterAll(() => folder[Symbol.asyncDispose]());

/** Runs with another lock or study in place, and puts both back. */
async function withFiles(
  files: { readonly lock?: string; readonly study?: string },
  ...args: readonly string[]
): Promise<Finished> {
  try {
    if (files.lock !== undefined) await writeFile(at('words.lock'), files.lock);
    if (files.study !== undefined) await writeFile(at('words.yaml'), files.study);
    return await run(...args);
  } finally {
    await writeFile(at('words.lock'), lock);
    await writeFile(at('words.yaml'), study);
  }
}

describe('a study that gives what its lock says', () => {
  it('is compared without running what is cached', async () => {
    const again = await run('run', 'words.yaml', '--locked');
    expect([again.code, again.stdout], again.stderr).toEqual([0, expect.stringContaining('0 run, 4 cached')]);
    expect(again.stdout).toContain('words.lock: 4 tasks, every output as it says');
    expect((await run('lock', 'words.yaml')).stdout).toBe('words.lock is as it was\n');
    expect(await readFile(at('words.lock'), 'utf8')).toBe(lock);
  });

  it('is proved where nothing is cached, line ends and order aside', async () => {
    const { code, stdout } = await withFiles(
      { lock: lock.replaceAll('\n', '\r\n') },
      'run',
      'words.yaml',
      '--locked',
      '--cache',
      'elsewhere',
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('4 run, 0 cached')]);
  });
});

describe('a study that is not what its lock says', () => {
  it('is told before anything runs, each difference with its field and both values, by the lock alone', async () => {
    const changed = study.replace('wc -c', 'wc -w');
    const { code, stdout, stderr } = await withFiles(
      { study: changed },
      'run',
      'words.yaml',
      '--locked',
      '--cache',
      'fresh',
      '--param',
      'word=bye',
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('words.yaml is not what words.lock says, in 5 places:');
    expect(stderr).toMatch(/param\s+word\n\s+"hello" -> "bye"/);
    expect(stderr).toMatch(/key\s+make@seed=0\n(.*\n)*?.*"hello 0.*\n.*"bye 0/);
    expect(stderr).toMatch(/key\s+count@seed=0 and 1 more, likewise\n(.*\n)*?.*wc -c.*\n.*wc -w/);
    expect(stderr).toContain('nothing was run');
    expect(stderr).toContain('sweetspot run words.yaml --write-lock');
  });

  it('names tasks that one has and the other has not', async () => {
    const changed = `${study.replaceAll('count:', 'number:')}\n`;
    const { code, stderr } = await withFiles({ study: changed }, 'run', 'words.yaml', '--locked');
    expect(code).toBe(1);
    expect(stderr).toContain('extra    number@seed=0: in the study, not in the lock');
    expect(stderr).toContain('missing  count@seed=1: in the lock, not in the study');
  });

  it('tells outputs that differ though the keys do not, and what follows from them', async () => {
    const chance = study
      .replace('echo "saying', 'date +%s%N > chance; echo "saying')
      .replace('path: out.txt } }', 'path: chance } }')
      .replace('inputs/words/out.txt', 'inputs/words/chance; cat inputs/words/chance');
    await writeFile(at('words.yaml'), chance);
    const first = await run('run', 'words.yaml', '--write-lock', '--cache', 'one');
    expect(first.code, first.stderr).toBe(0);
    const chanceLock = await readFile(at('words.lock'), 'utf8');
    const other = await withFiles(
      { study: chance, lock: chanceLock },
      'run',
      'words.yaml',
      '--locked',
      '--cache',
      'two',
      '--json',
    );
    expect(other.code).toBe(1);
    const lines = other.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; difference?: object });
    expect(
      lines.map((line) => printedJsonProblem('RunLine', line)).filter((problem) => problem !== undefined),
    ).toEqual([]);
    expect(
      lines.filter(({ kind }) => kind === 'lock-difference').map(({ difference }) => difference),
    ).toMatchObject([
      { kind: 'outputs', task: 'make@seed=0', outputs: [{ output: 'words' }] },
      { kind: 'outputs', task: 'make@seed=1', outputs: [{ output: 'words' }] },
    ]);
    expect(lines.at(-2)).toMatchObject({
      kind: 'lock-compared',
      differences: 2,
      same: 0,
      follow: 2,
      unknown: 0,
    });
    expect(lines.at(-1)).toEqual({ kind: 'exit', code: 1 });
  });

  it('is compared with `lock --check` without running', async () => {
    const edited = lock.replace(/(count@seed=0:\n(?: {4}.*\n)* {6}n: ).{64}/, `$1${'0'.repeat(64)}`);
    const { code, stdout, stderr } = await withFiles({ lock: edited }, 'lock', 'words.yaml', '--check');
    expect([code, stdout]).toEqual([1, expect.stringContaining('words.lock: 3 the same, 1 not')]);
    expect(stderr).toMatch(/outputs\s+count@seed=0\n\s+n: 000000000000… -> /);
    expect(stderr).toContain('the task is not deterministic');
    const json = await withFiles({ lock: edited }, 'lock', 'words.yaml', '--check', '--json');
    expect(printedJsonProblem('LockDocument', JSON.parse(json.stdout))).toBeUndefined();
  });
});

describe('a lock that cannot be compared with', () => {
  it.each([
    ['merge', () => lock.replace('tasks:', '<<<<<<< ours\ntasks:'), 'a merge left a conflict in it'],
    ['newer', () => lock.replace('lock: 1', 'lock: 7'), 'is of format 7: a newer sweetspot wrote it'],
    ['edited', () => lock.replace('    key:', '    kye:'), "'kye' is no field of a task"],
  ])('%s', async (_name, broken, message) => {
    const { code, stdout, stderr } = await withFiles({ lock: broken() }, 'run', 'words.yaml', '--locked');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain('way out:');
  });

  it('absent, or with options that contradict each other', async () => {
    await rm(at('words.lock'));
    const absent = await run('run', 'words.yaml', '--locked');
    expect([absent.code, absent.stderr]).toEqual([
      2,
      expect.stringContaining('there is no lock: words.lock'),
    ]);
    await writeFile(at('words.lock'), lock);
    for (const other of ['--write-lock', '--smoke', '--dry-run']) {
      const { code, stderr } = await run('run', 'words.yaml', '--locked', other);
      expect([code, stderr.startsWith('error: --locked ')]).toEqual([2, true]);
    }
  });
});
