import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finished } from '../support/command.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';

const study = `study: look
matrix: { seed: [0, 1] }
data:
  pictures: { uses: image-folder }
tasks:
  make:
    uses: command
    with:
      run: [sh, -c, 'echo made; echo "\${{ matrix.seed }}" > out.txt']
      outputs: { words: { type: files, path: out.txt } }
  use:
    uses: command
    with:
      run: [sh, job.sh, "s\${{ matrix.seed }}"]
      files: [job.sh]
      env: { GREETING: "it's fine" }
      inputs: { words: "\${{ make.words }}", pictures: "\${{ data.pictures }}" }
      outputs: { sum: { type: files, path: sum.txt } }
  chance:
    uses: command
    with: { run: [sh, -c, 'date +%s%N > now; mkdir out; mv now out; echo same > out/same'], outputs: { out: { type: files, path: out } } }
`;
const job = 'cat inputs/words/out.txt inputs/pictures/*/* > sum.txt; echo "$GREETING"\n';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (...path: readonly string[]): string => join(folder.path, ...path);
const run = (...args: readonly string[]): Promise<Finished> => sweetspot(args, { cwd: folder.path });
const ofStore = async (): Promise<readonly string[]> => {
  const listed = await Promise.all(
    ['ac', 'cas', 'claims', 'partial', 'runs'].map((dir) =>
      readdir(at('.sweetspot', dir), { recursive: true }).catch(() => []),
    ),
  );
  return listed.flat().sort();
};

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(at('pictures', 'cats'), { recursive: true });
  await writeFile(at('pictures', 'cats', '1.png'), 'meow\n');
  await writeFile(at('look.yaml'), study);
  await writeFile(at('job.sh'), `[ "$1" = s0 ] || { echo "no seed but 0" >&2; exit 3; }\n${job}`);
  const first = await run('run', 'look.yaml', '--data', 'pictures=pictures');
  expect([first.code, first.stderr]).toEqual([1, expect.stringContaining('no seed but 0')]);
});

afterAll(() => folder[Symbol.asyncDispose]());

describe('debug of a task that went well', () => {
  it('says what it reads and what it makes, that it is as recorded, and leaves nothing anywhere', async () => {
    const before = await ofStore();
    const { code, stdout, stderr } = await run('debug', 'use@seed=0');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('use@seed=0  command, done in run ');
    expect(stdout).toMatch(/inputs\/inputs\.words +[0-9a-f]{12}/);
    expect(stdout).toContain(`1 files in ${at('pictures')}`);
    expect(stdout).toContain("it's fine\n");
    expect(stdout).toMatch(/✓ sum {2}[0-9a-f]{64} {2}as recorded/);
    expect(existsSync(at('debug', 'use@seed=0'))).toBe(false);
    expect(await ofStore()).toEqual(before);
  });

  it('leaves its folder where asked to, with the program to try again by hand', async () => {
    const { stdout } = await run('debug', 'use@seed=0', '--keep');
    const dir = at('debug', 'use@seed=0');
    expect(stdout).toContain('kept: debug/use@seed=0');
    expect(await readFile(join(dir, 'inputs', 'inputs.words', 'out.txt'), 'utf8')).toBe('0\n');
    expect(await readFile(join(dir, 'outputs', 'sum', 'sum.txt'), 'utf8')).toBe('0\nmeow\n');
    expect(JSON.parse(await readFile(join(dir, 'action.json'), 'utf8'))).toMatchObject({ kind: 'command' });
    const again = spawnSync(join(dir, 'again.sh'), { encoding: 'utf8' });
    expect([again.status, again.stdout]).toEqual([0, "it's fine\n"]);
    expect(await readFile(join(dir, 'scratch', 'work', 'sum.txt'), 'utf8')).toBe('0\nmeow\n');
  });

  it('names the files that come out otherwise though the key is the same', async () => {
    const { code, stdout, stderr } = await run('debug', 'chance');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ out {2}[0-9a-f]{64}\n {4}recorded [0-9a-f]{64}\n {4}changed {2}now\n/);
    expect(stderr).toContain('not deterministic');
    expect(existsSync(at('debug', 'chance', 'outputs', 'out', 'now'))).toBe(true);
  });
});

describe('debug of a task that failed', () => {
  it('fails as it did, and leaves its folder; mended, it goes well, and says what has changed', async () => {
    const { code, stdout, stderr } = await run('debug', 'use@seed=1');
    expect(code).toBe(1);
    expect(stderr).toContain("✗ use@seed=1 task: 'sh' exited with code 3");
    expect(stderr).toContain('no seed but 0');
    expect(stdout).toContain('kept: debug/use@seed=1');
    expect(stdout).toContain('by hand: debug/use@seed=1/again.sh');

    const broken = await readFile(at('job.sh'), 'utf8');
    await writeFile(at('job.sh'), job);
    const mended = await run('debug', 'use@seed=1');
    expect([mended.code, mended.stdout]).toEqual([
      0,
      expect.stringContaining('no result is recorded for this key'),
    ]);
    const other = await run('debug', 'use@seed=0');
    expect(other.stdout).toMatch(
      /key {5}[0-9a-f]{64} {2}\(not that of the run\)\n +file job\.sh {2}[0-9a-f]{12}… -> [0-9a-f]{12}…/,
    );
    await writeFile(at('job.sh'), broken);
  });
});

describe('what keeps a task from being debugged', () => {
  it.each([
    [['debug', 'use'], 2, "'use' names 2 tasks; debug runs one", 'use@seed=0  use@seed=1'],
    [['debug', 'ues'], 2, "no task 'ues'", 'did you mean use?'],
    [['debug', 'make@seed=0', '--run', 'nope'], 2, "no run 'nope'", 'sweetspot ls'],
    [
      ['debug', 'make@seed=0', '--into', 'pictures'],
      2,
      'pictures holds files that no earlier debug has put there',
      '--into DIR',
    ],
    [['debug', 'make@seed=0', '--slots', 'tpu:1'], 2, 'not a slot', ''],
  ])('%j', async (args, expected, message, hint) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(expected);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it('is named: a producer without a result, and data that is not there any more', async () => {
    await writeFile(
      at('chain.yaml'),
      study.replace('echo made;', 'exit 4;').replace('study: look', 'study: chain'),
    );
    await run('run', 'chain.yaml', '--data', 'pictures=pictures');
    const waiting = await run('debug', 'use@seed=0');
    expect([waiting.code, waiting.stderr]).toEqual([
      2,
      expect.stringContaining('sweetspot debug make@seed=0'),
    ]);
    await writeFile(
      at('gone.yaml'),
      study.replace('study: look', 'study: gone').replace('GREETING: ', 'OTHER: "x", GREETING: '),
    );
    await mkdir(at('other', 'cats'), { recursive: true });
    await writeFile(at('other', 'cats', '1.png'), 'purr\n');
    await run('run', 'gone.yaml', '--data', 'pictures=other');
    await writeFile(at('other', 'cats', '1.png'), 'hiss!\n');
    const changed = await run('debug', 'use@seed=0');
    expect(changed.stdout).toContain('(not that of the run)');
    expect(changed.stdout).toContain('inputs.inputs.pictures');
  });
});
