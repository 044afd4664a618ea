import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lsCommand } from '../../cli/commands/ls.ts';
import { showCommand } from '../../cli/commands/show.ts';
import { exitCode } from '../../cli/exit-codes.ts';
import type { LsFlags, RunChoiceFlags } from '../../cli/flags.ts';
import { findRun } from '../../engine/run/find-run.ts';
import { taskId } from '../../engine/plan/plan.ts';
import { openRig } from '../engine/support/rig.ts';
import type { Ran, Rig } from '../engine/support/rig.ts';
import { captureIo } from './capture-io.ts';

let rig: Rig;
let first: Ran;
let second: Ran;

beforeAll(async () => {
  rig = await openRig();
  await rig.script('shout', [{ do: 'shout' }]);
  await rig.script('fail', [{ do: 'fail', message: 'no such layer' }]);
  const a = { options: { text: 'hello', volume: 4 }, facts: { out: { level: 3 } } };
  const b = { options: { script: 'shout' }, inputs: { from: 'a.out' } };
  first = await rig.run({ tasks: { a } });
  second = await rig.run({
    tasks: {
      a,
      b,
      bad: { options: { script: 'fail' } },
      after: { options: { script: 'shout' }, inputs: { from: 'bad.out' } },
    },
  });
});
afterAll(() => rig[Symbol.asyncDispose]());

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function show(what: string, flags: RunChoiceFlags = {}): Promise<Answer> {
  const io = captureIo({ cwd: rig.studyDir });
  const code = await showCommand({ what, flags: { cache: rig.store.root, ...flags }, io });
  return { code, out: io.stdout(), err: io.stderr() };
}

async function ls(address?: string, flags: LsFlags = {}): Promise<Answer> {
  const io = captureIo({ cwd: rig.studyDir });
  const code = await lsCommand({ address, flags: { cache: rig.store.root, ...flags }, io });
  return { code, out: io.stdout(), err: io.stderr() };
}

function outputOf(task: string): string {
  const result = second.results.get(taskId(task));
  return result !== undefined && 'outputs' in result ? (result.outputs['out'] ?? '') : '';
}

function keyOf(task: string): string {
  const result = second.results.get(taskId(task));
  return result !== undefined && 'key' in result ? result.key : '';
}

describe('`show` of a task', () => {
  it('says when, where and by which run it was made, from what, and who reads it', async () => {
    const { out } = await show('b');
    expect(out).toContain(`b  done  run ${second.run} of sketch`);
    expect(out).toContain(`key       ${keyOf('b')}`);
    expect(out).toMatch(/computed {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(.+\) in \d/);
    expect(out).toMatch(/from +a\.out +[0-9a-f]{12}… +level=3/);
    expect(out).toMatch(/out {2}[0-9a-f]{12}… {2}1 file, 5 B/);
    expect(out).toContain('text.txt');
    expect((await show('a')).out).toMatch(/used by +b/);
  });

  it('found cached, names the run that computed it, and every run that met it', async () => {
    const { out } = await show('a');
    expect(out).toContain(`a  cached  run ${second.run}`);
    expect(out).toContain(`by run ${first.run}`);
    expect(out).toMatch(/volume +4/);
    const { tasks } = JSON.parse((await show('a', { json: true })).out) as { tasks: readonly object[] };
    expect(tasks).toMatchObject([
      {
        task: 'a',
        state: 'cached',
        key: keyOf('a'),
        options: { text: 'hello', volume: 4 },
        provenance: { deviceClass: 'cpu-t1' },
        outputs: [
          { name: 'out', digest: outputOf('a'), facts: { level: 3 }, sizeBytes: 5, isComplete: true },
        ],
        usedBy: ['b'],
        runs: [
          { run: second.run, how: 'cached' },
          { run: first.run, how: 'computed' },
        ],
      },
    ]);
  });

  it('that failed or was blocked, says so', async () => {
    expect((await show('bad')).out).toContain('failed    task: no such layer');
    expect((await show('after')).out).toContain('blocked   by bad, which failed');
  });
});

describe('`show` of a digest', () => {
  it('gives an artifact by the beginning of its name, and what made it', async () => {
    const { out } = await show(outputOf('a').slice(0, 8));
    expect(out).toContain('a.out');
    expect(out).toContain('text.txt');
    expect(out).toContain(`${first.run}  computed`);
    expect(JSON.parse((await show(outputOf('a'), { json: true })).out)).toMatchObject({
      kind: 'artifact',
      digest: outputOf('a'),
      madeBy: [
        { task: 'a', output: 'out', how: 'cached' },
        { run: first.run, how: 'computed' },
      ],
    });
  });

  it('gives a key the sheet of its task, and a file its bytes', async () => {
    expect((await show(keyOf('a').slice(0, 10))).out).toContain(`a  cached  run ${second.run}`);
    const document = JSON.parse((await show('a', { json: true })).out) as {
      tasks: readonly [{ outputs: readonly [{ files: readonly [{ sha256: string }] }] }];
    };
    expect((await show(document.tasks[0].outputs[0].files[0].sha256)).out).toBe('hello');
  });

  it('says that there is none', async () => {
    const { code, err } = await show('0'.repeat(64));
    expect([code, err]).toEqual([exitCode.usage, expect.stringContaining('nothing lies under') as string]);
  });
});

describe('`ls`', () => {
  it('lists runs, the newest first, by study and state', async () => {
    const { out } = await ls();
    expect(out.indexOf(second.run)).toBeLessThan(out.indexOf(first.run));
    expect(out).toMatch(/failed .* 1 failed, 1 blocked, 1 cached, 1 done/);
    expect((await ls(undefined, { state: 'done' })).out).not.toContain(second.run);
    expect((await ls(undefined, { study: 'other' })).out).toBe('no run is like that\n');
    const limited = (await ls(undefined, { limit: '1' })).out;
    expect(limited).not.toContain(first.run);
    expect(limited).toContain('--all for more');
    const json = JSON.parse((await ls(undefined, { json: true })).out) as object;
    expect(json).toMatchObject({ format: 1, runs: [{ state: 'failed' }, { state: 'done' }] });
  });

  it('lists tasks of a run, with state, time and size', async () => {
    const { out } = await ls(undefined, { run: 'last' });
    expect(out).toMatch(/cached +a +\S+ \S+ +5 B/);
    expect(out).toContain('no such layer');
    const failed = await ls(undefined, { run: 'last', state: 'failed,blocked', json: true });
    expect(JSON.parse(failed.out)).toMatchObject({ tasks: [{ task: 'bad' }, { task: 'after' }] });
    expect((await ls('a')).out).not.toContain('bad');
  });

  it.each<[LsFlags, string]>([
    [{ state: 'bad' }, "there is no state 'bad'"],
    [{ limit: 'x' }, "'x' is not a count"],
  ])('%j is answered with what there is', async (flags, message) => {
    const { code, err } = await ls(undefined, flags);
    expect([code, err]).toEqual([exitCode.usage, expect.stringContaining(message) as string]);
  });
});

describe('a run is found', () => {
  it('by `last`, its name, its beginning and its end, if that is one run', async () => {
    const find = (said: string): ReturnType<typeof findRun> => findRun(rig.store.runsDir, said);
    for (const said of ['last', second.run, second.run.slice(0, -2), second.run.slice(-4)])
      expect(await find(said)).toEqual({ kind: 'found', run: second.run });
    expect(await find('2')).toEqual({ kind: 'ambiguous', runs: [second.run, first.run] });
    expect(await find('nope')).toEqual({ kind: 'unknown' });
    expect(await find('../runs')).toEqual({ kind: 'unknown' });
    expect(await findRun('/nowhere', 'last')).toEqual({ kind: 'none' });
    const { err } = await show('a', { run: '2' });
    expect(err).toContain("'2' could be any of 2 runs");
  });
});
