import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettledRuns } from '../../engine/run/settled/settled-runs.ts';
import { parseEvents } from '../../engine/run/journal.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished } from '../support/command.ts';

const task = (script: string, more = ''): string =>
  `uses: command, with: { run: [sh, -c, "${script}"], ${more}outputs: { out: { type: files, path: out.txt } } }`;
const text = [
  'study: settled',
  'params: { word: one }',
  'tasks:',
  `  word: { matrix: { n: [0, 1, 2] }, ${task('echo ${{ params.word }} ${{ matrix.n }} > out.txt')} }`,
  `  copy: { each: word, ${task('cat inputs/in/out.txt > out.txt', 'inputs: { in: "${{ member.out }}" }, ')} }`,
  '',
].join('\n');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
  place(text);
});
afterEach(() => folder[Symbol.asyncDispose]());

function place(study: string): void {
  writeFileSync(inFolder('study.yaml'), study);
}

function inFolder(...names: readonly string[]): string {
  return join(folder.path, ...names);
}

async function run(...args: readonly string[]): Promise<Finished> {
  const ended = await sweetspot(['run', 'study.yaml', ...args], { cwd: folder.path });
  expect(ended.code, ended.stderr).toBe(0);
  return ended;
}

/** Until what was just written is old enough to be believed by its times. */
async function settled(...args: readonly string[]): Promise<void> {
  await run(...args);
  for (let tries = 0; tries < 20 && !wasAnswered(); tries++) await run(...args);
  expect(wasAnswered()).toBe(true);
}

/** Whether the newest run was answered from a record, as its own record says. */
function wasAnswered(): boolean {
  const about: unknown = JSON.parse(readFileSync(join(newestRun(), 'run.json'), 'utf8'));
  return (about as { readonly settled?: true }).settled === true;
}

function newestRun(): string {
  return inFolder('.sweetspot/runs', readdirSync(inFolder('.sweetspot/runs')).sort().at(-1) ?? '');
}

function settledFiles(ending: '.plan' | ''): readonly string[] {
  const dir = SettledRuns.folder(inFolder('.sweetspot'));
  const names = existsSync(dir) ? readdirSync(dir) : [];
  return names
    .filter((name) => name.endsWith('.plan') === (ending === '.plan'))
    .map((name) => join(dir, name));
}

function countsOf(ended: Finished): unknown {
  const finished = parseEvents(ended.stdout).find((event) => event.kind === 'run-finished');
  return finished?.kind === 'run-finished' ? finished.counts : undefined;
}

/** What is said, without what differs from run to run. */
function said(output: string): string {
  return output
    .replaceAll(/\d{8}-\d{6}-\d{3}-[0-9a-f]{4}/g, 'RUN')
    .replaceAll(/"at":"[^"]*"/g, '"at":"TIME"')
    .replaceAll(/"durationMs":\d+/g, '"durationMs":0')
    .replaceAll(/,"crc":"[0-9a-f]+"/g, '')
    .replaceAll(/\d+(\.\d+)? m?s$/gm, 'TIME');
}

const allCached = { cached: 6, done: 0, failed: 0, blocked: 0, notRun: 0 };

describe('a run that has nothing to do', () => {
  it('says and records what a run says and records that has looked at every task', async () => {
    await settled();
    for (const args of [[], ['--plain'], ['--json']]) {
      const answered = await run(...args);
      expect(wasAnswered()).toBe(true);
      const journal = readFileSync(join(newestRun(), 'events.jsonl'), 'utf8');
      rmSync(SettledRuns.folder(inFolder('.sweetspot')), { recursive: true });
      const looked = await run(...args);
      expect(wasAnswered()).toBe(false);
      expect(said(answered.stdout)).toBe(said(looked.stdout));
      expect(said(answered.stderr)).toBe(said(looked.stderr));
      expect(said(journal)).toBe(said(readFileSync(join(newestRun(), 'events.jsonl'), 'utf8')));
      await settled();
    }
  });

  it('is a run to `status`, `why`, `show` and `ls`', async () => {
    await settled();
    const status = await sweetspot(['status', '--json'], { cwd: folder.path });
    expect(JSON.parse(status.stdout)).toMatchObject({ study: 'settled', outcome: 'done' });
    const why = await sweetspot(['why', 'study.yaml', 'word@n=1'], { cwd: folder.path });
    expect(why.stdout).toContain('cached');
    const show = await sweetspot(['show', 'copy@n=2'], { cwd: folder.path });
    expect(show.code, show.stderr).toBe(0);
    expect((await sweetspot(['ls'], { cwd: folder.path })).stdout).toContain('settled');
  });

  const changes: readonly {
    readonly name: string;
    readonly change: () => void;
    readonly done: number;
    readonly names?: readonly string[];
  }[] = [
    { name: 'the study says something else', change: () => place(text.replace('one', 'two')), done: 6 },
    { name: 'a comment was added', change: () => place(`# new\n${text}`), done: 0 },
    {
      name: 'a result is gone',
      change: () => {
        rmSync(actionOf('copy@n=1'));
      },
      done: 1,
    },
    {
      name: 'a result is damaged, and its folder changed',
      change: () => {
        const path = actionOf('copy@n=1');
        const bytes = readFileSync(path);
        bytes[40] = (bytes[40] ?? 0) ^ 1;
        writeFileSync(`${path}.new`, bytes);
        renameSync(`${path}.new`, path);
      },
      done: 1,
      names: ['a damaged result was moved to'],
    },
  ];
  it.each(changes)('looks at every task where $name', async ({ change, done, names = [] }) => {
    await settled();
    change();
    const ended = await run('--json');
    expect(countsOf(ended)).toEqual({ ...allCached, cached: 6 - done, done });
    expect(wasAnswered()).toBe(false);
    expect(
      parseEvents(ended.stdout).flatMap((event) => (event.kind === 'warning' ? [event.message] : [])),
    ).toEqual(names.map((words) => expect.stringContaining(words) as string));
  });

  it('is answered though other results have come to lie beside its own', async () => {
    await settled();
    const other = text.replace('study: settled', 'study: other').replace('[0, 1, 2]', '[3, 4, 5, 6, 7, 8]');
    writeFileSync(inFolder('other.yaml'), other);
    expect((await sweetspot(['run', 'other.yaml'], { cwd: folder.path })).code).toBe(0);
    for (const shard of readdirSync(inFolder('.sweetspot/ac'))) {
      writeFileSync(inFolder('.sweetspot/ac', shard, 'stray'), '');
      rmSync(inFolder('.sweetspot/ac', shard, 'stray'));
    }
    expect(countsOf(await run('--json'))).toEqual(allCached);
    expect(wasAnswered()).toBe(true);
  });

  it('knows parameters and choices apart', async () => {
    await settled();
    expect(countsOf(await run('--json', '--param', 'word=two', '--out', 'two'))).toEqual({
      ...allCached,
      cached: 0,
      done: 6,
    });
    expect(countsOf(await run('--json', '--only', 'word@n=0', '--out', 'only'))).toEqual({
      ...allCached,
      cached: 1,
    });
    expect(countsOf(await run('--json'))).toEqual(allCached);
    expect(wasAnswered()).toBe(true);
  });

  it.each([
    ['removed', (path: string) => rmSync(path)],
    ['written to', (path: string) => writeFileSync(path, 'mine')],
  ] as const)('brings back what was delivered and then %s', async (_, touch) => {
    await settled();
    const path = inFolder('out/settled/copy@n=1.txt');
    const delivered = readFileSync(path, 'utf8');
    touch(path);
    await run();
    expect(wasAnswered()).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(delivered);
  });

  it.each(['', '.plan'] as const)('names a damaged record%s, and does without', async (ending) => {
    await settled();
    const [file = ''] = settledFiles(ending);
    const bytes = readFileSync(file);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    rmSync(file);
    writeFileSync(file, bytes);
    const ended = await run('--json');
    expect(wasAnswered()).toBe(false);
    expect(countsOf(ended)).toEqual(allCached);
    expect(parseEvents(ended.stdout)).toContainEqual(
      expect.objectContaining({ kind: 'warning', message: expect.stringContaining(file) as string }),
    );
    await settled();
  });

  it('is not remembered where what was delivered could not be recorded', async () => {
    await run();
    const index = inFolder('.sweetspot/index');
    const [record = ''] = readdirSync(index).filter((name) => name.startsWith('delivered-'));
    // A folder in its place: nothing can be written there.
    rmSync(join(index, record));
    rmSync(SettledRuns.folder(inFolder('.sweetspot')), { recursive: true });
    mkdirSync(join(index, record, 'inner'), { recursive: true });
    await run();
    rmSync(inFolder('out/settled/copy@n=1.txt'));
    await run();
    expect(wasAnswered()).toBe(false);
    expect(existsSync(inFolder('out/settled/copy@n=1.txt'))).toBe(true);
  });

  it('is not remembered where keys depend on what lies on the machine', async () => {
    writeFileSync(inFolder('script.sh'), 'echo 1 > out.txt\n');
    place(text.replace('  copy:', `  file: { ${task('sh script.sh', 'files: [script.sh], ')} }\n  copy:`));
    await run();
    await run();
    expect(settledFiles('')).toEqual([]);
    writeFileSync(inFolder('script.sh'), 'echo 2 > out.txt\n');
    expect(countsOf(await run('--json'))).toMatchObject({ done: 1, cached: 6 });
  });

  it('remembers a few requests, with one plan each', async () => {
    for (let word = 0; word < 10; word++) await run('--param', `word=w${word}`);
    expect(settledFiles('')).toHaveLength(8);
    expect(settledFiles('.plan')).toHaveLength(8);
    await settled('--param', 'word=w9');
  }, 300_000);
});

/** The file of the result of a task of the newest run. */
function actionOf(address: string): string {
  const events = parseEvents(readFileSync(join(newestRun(), 'events.jsonl'), 'utf8'));
  const cached = events.find((event) => event.kind === 'task-cached' && event.task === address);
  const key = cached?.kind === 'task-cached' ? cached.key : '';
  return inFolder('.sweetspot/ac', key.slice(0, 2), key);
}
