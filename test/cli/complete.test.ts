import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeAddress } from '../../cli/complete/addresses.ts';
import { namesOfStudy } from '../../cli/complete/study-names.ts';
import { brokenOff, wordsOf } from '../../cli/complete/words.ts';
import { buildProgram } from '../../cli/program.ts';
import { temporaryFolder } from '../support/command.ts';
import { captureIo } from './capture-io.ts';

const tasks = [
  { name: 'dense', coordinates: { seed: 0 } },
  { name: 'dense', coordinates: { seed: 1 } },
  { name: 'lrr/cut', coordinates: { seed: 0, step: 1 } },
  { name: 'lrr/cut', coordinates: { seed: 1, step: 2 } },
  { name: 'lrr/retrain', coordinates: { seed: 0, step: 1 } },
  { name: 'report', coordinates: {} },
  { name: 'odd', coordinates: { set: 'a b' } },
];
const values = (current: string): readonly string[] =>
  completeAddress(tasks, current).map(({ value }) => value);

describe('an address is completed', () => {
  it.each([
    ['', ['dense', 'dense@', 'lrr/', 'report', 'odd', 'odd@']],
    ['de', ['dense', 'dense@']],
    ['lrr/', ['lrr/cut', 'lrr/cut@', 'lrr/retrain', 'lrr/retrain@']],
    ['lrr.c', ['lrr/cut', 'lrr/cut@']],
    ['lrr/cut@', ['seed=', 'step='].map((part) => `lrr/cut@${part}`)],
    ['lrr/cut@seed=', ['lrr/cut@seed=0', 'lrr/cut@seed=1']],
    ['lrr/cut@seed=1,', ['lrr/cut@seed=1,step=']],
    ['lrr/cut@seed=1,step=', ['lrr/cut@seed=1,step=2']],
    ['lrr@step=1,s', ['lrr@step=1,seed=']],
    ['odd@set=', ['odd@set=a%20b']],
    ['nope', []],
    ['dense@seed=7', []],
  ])('%j', (current, expected) => {
    expect(values(current)).toEqual(expected);
  });

  it('out of thousands of values by those that begin so', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => ({ name: 'm', coordinates: { n } }));
    expect(completeAddress(many, 'm@n=999')).toHaveLength(11);
  });
});

describe('words of a line', () => {
  it.each([
    ['sweetspot ', ['sweetspot', '']],
    ['sweetspot  run "a b.yaml" --on', ['sweetspot', 'run', 'a b.yaml', '--on']],
    [String.raw`x a\ b 'c d' e`, ['x', 'a b', 'c d', 'e']],
  ])('%j', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });

  it('are broken off where bash breaks them', () => {
    expect(brokenOff('lrr/cut@seed=1,st', ' =:@')).toBe('lrr/cut@seed=');
    expect(brokenOff('lrr/cut', ' =:@')).toBe('');
    expect(brokenOff('lrr/cut@se', ' =:@')).toBe('lrr/cut');
  });
});

describe('a line is completed', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const at = '2030-01-01T00:00:00.000Z';
  const run = '20300101-000000-000-abcd';

  beforeEach(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder.path, 'study.yaml'), 'study: tiny\n');
    await writeFile(join(folder.path, 'other.yaml'), 'colour: blue\n');
    await mkdir(join(folder.path, 'results'));
    const dir = join(folder.path, '.sweetspot/runs', run);
    await mkdir(join(dir, 'study'), { recursive: true });
    await writeFile(join(folder.path, '.sweetspot/store.json'), '{"format":1,"sharing":"umask"}');
    const file = join(folder.path, 'study.yaml');
    const about = {
      format: 1,
      run,
      study: 'tiny',
      file,
      startedAt: at,
      driver: { host: 'elsewhere', pid: 1 },
    };
    await writeFile(join(dir, 'run.json'), JSON.stringify(about));
    const plan = {
      params: { rounds: 3 },
      data: [{ name: 'voc' }],
      tasks: tasks.map((task) => ({ id: '', ...task })),
    };
    await writeFile(join(dir, 'plan.json'), JSON.stringify(plan));
    await writeFile(join(dir, 'study/0-study.yaml'), 'study: tiny\n');
    await writeFile(join(dir, 'events.jsonl'), '');
  });
  afterEach(() => folder[Symbol.asyncDispose]());

  async function complete(...words: readonly string[]): Promise<readonly string[]> {
    const io = captureIo({ cwd: folder.path });
    expect(await buildProgram(io).run(['__complete', 'zsh', '--', ...words])).toBe(0);
    expect(io.stderr()).toBe('');
    return io
      .stdout()
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t')[0]!);
  }

  it.each<[readonly string[], readonly string[]]>([
    [['st'], ['status']],
    [['cache', 'v'], ['verify']],
    [
      ['run', ''],
      ['results/', 'study.yaml'],
    ],
    [['run', 'study.yaml', '--only', 'lrr/cut@seed=1,'], ['lrr/cut@seed=1,step=']],
    [
      ['run', 'study.yaml', '--only=de'],
      ['--only=dense', '--only=dense@'],
    ],
    [['run', 'study.yaml', '--fail'], ['--fail-fast']],
    [['why', 'study.yaml', 'rep'], ['report']],
    [['plan', 'study.yaml', '--param', ''], ['rounds=']],
    [['plan', 'study.yaml', '--data', 'v'], ['voc=']],
    [['plan', 'study.yaml', '--data', 'voc=re'], ['voc=results/']],
    [
      ['plan', 'study.yaml', '--graph', ''],
      ['mermaid', 'dot', 'json'],
    ],
    [
      ['log', 'den'],
      ['dense', 'dense@'],
    ],
    [['log', 'dense', '--run', '2'], [run]],
    [
      ['status', ''],
      ['last', run],
    ],
    [['ls', '--state', 'failed,k'], ['failed,killed']],
    [['ls', '--study', ''], ['tiny']],
    [['export', 'dense', 're'], ['results/']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['run', 'study.yaml', '--slots', 'cpu:1'], ['cpu:1']],
    [['nope', ''], []],
    [['log', '--', '--fo'], []],
  ])('%j', async (words, expected) => {
    const found = await complete(...words);
    expect(expected[0] === 'cpu:1' ? found.slice(0, 1) : found).toEqual(expected);
  });

  it('offers every command, but not the one that asks', async () => {
    const found = await complete('');
    expect(found).toEqual(expect.arrayContaining(['run', 'why', 'completion', 'doctor']));
    expect(found.filter((name) => name.startsWith('_'))).toEqual([]);
  });

  it('reads the frozen plan where the study is unchanged, and plans where it is not', async () => {
    const request = { file: 'study.yaml', cwd: folder.path, runsDir: join(folder.path, '.sweetspot/runs') };
    const planned = { tasks: [], params: ['new'], data: [] };
    const ask = (): ReturnType<typeof namesOfStudy> =>
      namesOfStudy({ ...request, plan: () => Promise.resolve(planned) });
    expect((await ask()).params).toEqual(['rounds']);
    await writeFile(join(folder.path, 'study.yaml'), 'study: tiny\n# changed\n');
    expect((await ask()).params).toEqual(['new']);
    const broken = await namesOfStudy({ ...request, plan: () => Promise.resolve(undefined) });
    expect(broken.params).toEqual(['rounds']);
  });
});
