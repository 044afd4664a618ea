import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logCommand } from '../../cli/commands/log.ts';
import { exitCode } from '../../cli/exit-codes.ts';
import type { LogFlags } from '../../cli/flags.ts';
import { followLog } from '../../cli/follow-log.ts';
import { newestRun } from '../../engine/run/journal.ts';
import { taskId } from '../../engine/plan/plan.ts';
import { openRig } from '../engine/support/rig.ts';
import type { Rig } from '../engine/support/rig.ts';
import { captureIo } from './capture-io.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

async function log(
  address: string,
  flags: LogFlags = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const io = captureIo({ cwd: rig.studyDir });
  const code = await logCommand({ address, flags: { cache: rig.store.root, ...flags }, io });
  return { code, out: io.stdout(), err: io.stderr() };
}

describe('`log`', () => {
  it('gives what a task said, in the run that it ran in and in one that found it cached', async () => {
    await rig.script('talk', [
      { do: 'say', text: 'hello' },
      { do: 'write', text: 'x' },
    ]);
    const sketch = { tasks: { a: { options: { script: 'talk' } }, mute: { options: { text: 'x' } } } };
    const first = await rig.run(sketch);
    expect(await log('a')).toEqual({ code: 0, out: 'hello\n', err: '' });
    await rig.run(sketch);
    expect(await log('a')).toMatchObject({
      out: 'hello\n',
      err: expect.stringContaining('as its result was computed') as string,
    });
    expect((await log('a', { run: first.run.slice(-9) })).err).toBe('');
    const nothing = await log('mute');
    expect([nothing.code, nothing.out]).toEqual([exitCode.usage, '']);
    expect(nothing.err).toContain('mute said nothing: it was found cached');
  });

  it('keeps each attempt, also of a worker that was killed', async () => {
    await rig.script('talk', [
      { do: 'say', text: 'trying' },
      { do: 'die-until', file: 'tries', lines: 1 },
      { do: 'say', text: 'well' },
      { do: 'write', text: 'x' },
    ]);
    const ran = await rig.run({ tasks: { a: { options: { script: 'talk' } } } });
    expect(ran.kinds('a').filter((kind) => kind === 'task-started')).toHaveLength(2);
    const last = await log('a');
    expect([last.out, last.err]).toEqual(['trying\nwell\n', expect.stringContaining('--attempt 1')]);
    const first = await log('a', { attempt: '1' });
    expect([first.out, first.err]).toEqual(['trying\n', expect.stringContaining('attempt 1 failed: lost')]);
    expect((await log('a', { attempt: '7' })).err).toContain('there is 1, 2');
    expect((await log('a', { attempt: 'x' })).code).toBe(exitCode.usage);
  });

  it('of several tasks gives each under its name, or asks which', async () => {
    await rig.script('talk', [
      { do: 'say', text: 'hello' },
      { do: 'write', text: 'x' },
    ]);
    const tasks = {
      'm@n=1': { options: { script: 'talk' } },
      'm@n=2': { options: { script: 'talk', volume: 4 } },
    };
    await rig.run({ tasks });
    expect((await log('m')).out).toBe('== m@n=1\nhello\n\n== m@n=2\nhello\n');
    const asked = await log('m', { attempt: '1' });
    expect(asked.code).toBe(exitCode.usage);
    expect(asked.err).toContain("'m' names 2 tasks, and --attempt takes one");
    expect(asked.out).toContain('m@n=2');
  });

  it('finds a task in the newest run that has it, and says which that is', async () => {
    await rig.script('talk', [
      { do: 'say', text: 'hello' },
      { do: 'write', text: 'x' },
    ]);
    const { run } = await rig.run({ tasks: { a: { options: { script: 'talk' } } } });
    await rig.run({ tasks: { b: { options: { text: 'x' } } } });
    expect(await log('a')).toMatchObject({ out: 'hello\n', err: expect.stringContaining(run) as string });
    expect((await log('c')).err).toContain("no task 'c'");
  });
});

describe('`log --follow`', () => {
  it('says what a task says as it says it, attempt after attempt, to its end', async () => {
    await rig.script('talk', [
      { do: 'say', text: 'one' },
      { do: 'await', file: 'go-on' },
      { do: 'say', text: 'two' },
      { do: 'fail-until', file: 'tries', lines: 1 },
      { do: 'write', text: 'x' },
    ]);
    const running = rig.run({
      tasks: { a: { options: { script: 'talk' }, retries: 1 }, b: { options: { text: 'y' } } },
    });
    let run = await newestRun(rig.store.runsDir);
    while (run === undefined) run = await newestRun(rig.store.runsDir);
    const said: string[] = [];
    const attempts: number[] = [];
    const followed = await followLog({
      store: rig.store,
      run: run.run,
      task: 'a',
      write: (text) => {
        said.push(text);
        // Said while it still runs: it waits for this very file.
        if (said.join('').includes('one')) void writeFile(join(rig.studyDir, 'go-on'), '');
      },
      onAttempt: ({ attempt }) => attempts.push(attempt),
    });
    expect(followed).toMatchObject({ kind: 'ended', attempt: { attempt: 2, end: { kind: 'done' } } });
    expect(said.join('')).toMatch(/^one\ntwo\nError: not yet\n[^]*\none\ntwo\n$/);
    expect(attempts).toEqual([2]);
    const ended = await running;
    expect(ended.results.get(taskId('a'))?.kind).toBe('done');
  });

  it('ends with the run where that ends first', async () => {
    await rig.script('never', [{ do: 'say', text: 'one' }, { do: 'hang' }]);
    const stop = new AbortController();
    const running = rig.run(
      { tasks: { a: { options: { script: 'never' } } } },
      { stopSignal: stop.signal, onEvent: (event) => event.kind === 'task-started' && stop.abort() },
    );
    const { run } = await running;
    const followed = await followLog({
      store: rig.store,
      run,
      task: 'a',
      write: () => undefined,
      onAttempt: () => undefined,
    });
    expect(followed.kind).toBe('run-over');
  });
});
