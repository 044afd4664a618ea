import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { taskId } from '../../../engine/plan/plan.ts';
import type { RunEvent } from '../../../engine/run/events.ts';
import { runFolder, taskLogFile } from '../../../engine/run/run-folder.ts';
import { ManualClock } from '../../cache/support/manual-clock.ts';
import type { TaskSketch } from '../support/plans.ts';
import { openRig, workerArgs } from '../support/rig.ts';
import { fileAppears } from '../support/scripted-kinds.ts';

const heavy = (text: string, script: string, more: Partial<TaskSketch> = {}): TaskSketch => ({
  options: { text, script },
  resources: { slots: 1 },
  ...more,
});

/** Calls `act` at the first event of a kind. */
function atFirst(kind: RunEvent['kind'], act: () => void): (event: RunEvent) => void {
  let acted = false;
  return (event) => {
    if (event.kind !== kind || acted) return;
    acted = true;
    act();
  };
}

describe('a run that is interrupted', () => {
  it('drains: what runs ends, nothing more begins', async () => {
    await using rig = await openRig();
    await rig.script('wait', [{ do: 'await', file: 'go' }]);
    const drain = new AbortController();
    const ran = await rig.run(
      { tasks: { a: heavy('a', 'wait'), b: heavy('b', '', { needs: ['a'] }), c: heavy('c', 'wait') } },
      {
        drainSignal: drain.signal,
        onEvent: atFirst('task-started', () => {
          drain.abort();
          void writeFile(join(rig.studyDir, 'go'), '');
        }),
      },
    );
    expect(ran.outcome).toBe('interrupted');
    expect(ran.counts).toEqual({ cached: 0, done: 1, failed: 0, blocked: 0, notRun: 2 });
  });

  it('stops: what runs saves a snapshot, and the next run goes on from it', async () => {
    await using rig = await openRig();
    await rig.script('count', [{ do: 'count', to: 10, pauseAt: 4, file: 'go' }]);
    const stop = new AbortController();
    const sketch = { tasks: { a: heavy('', 'count') } };
    void fileAppears(join(rig.studyDir, 'saved')).then(() => stop.abort());
    const stopped = await rig.run(sketch, { stopSignal: stop.signal });
    expect(stopped.outcome).toBe('interrupted');
    expect(stopped.state('a')).toBe('not-run');

    const resumed = await rig.run(sketch);
    expect(resumed.state('a')).toBe('done');
    expect(await resumed.text('a')).toBe('10');
    expect(resumed.events.find((event) => event.kind === 'task-started')).toMatchObject({ resumed: true });
    expect(await rig.lines('began')).toEqual(['4.5']);
    expect(await rig.store.snapshots.newest(keyOf(resumed.events))).toBeUndefined();
  });

  it('stops a task that its worker took at once after another', async () => {
    await using rig = await openRig();
    await rig.script('wait', [{ do: 'await', file: 'never' }]);
    const stop = new AbortController();
    // Both wait for the one worker, so that it gets the second in the turn in which it has ended the first.
    const ran = await rig.run(
      { tasks: { a: heavy('a', ''), b: heavy('b', 'wait') } },
      {
        stopSignal: stop.signal,
        onEvent: (event) => {
          if (event.kind === 'task-started' && event.task === 'b') stop.abort();
        },
      },
    );
    expect(ran.outcome).toBe('interrupted');
    expect([ran.state('a'), ran.state('b')]).toEqual(['done', 'not-run']);
  });

  it('lets a worker that was told to end by the machine go on elsewhere, at no cost where it saved', async () => {
    await using rig = await openRig();
    await rig.script('count', [{ do: 'count', to: 10, pauseAt: 4, file: 'go' }]);
    let pid = 0;
    void fileAppears(join(rig.studyDir, 'saved')).then(() => process.kill(pid, 'SIGTERM'));
    const ran = await rig.run(
      { tasks: { a: heavy('', 'count') } },
      { onEvent: (event) => (event.kind === 'task-started' ? (pid = event.pid) : undefined) },
    );
    expect(ran.state('a')).toBe('done');
    expect(ran.events.find((event) => event.kind === 'task-failed')).toMatchObject({ willRetry: true });
    expect(await rig.lines('began')).toEqual(['4.5']);
  });

  it('loses nothing when its driver is killed: the worker ends its task, and another run waits for it', async () => {
    await using rig = await openRig();
    await rig.script('slow', [
      { do: 'mark', file: 'marks', line: 'ran' },
      { do: 'await', file: 'go' },
    ]);
    const sketch = {
      file: join(rig.studyDir, 'study.yaml'),
      tasks: { a: { options: { text: 'x', script: 'slow' } } },
    };
    const driver = fork(
      new URL('../support/driver-entry.ts', import.meta.url),
      [rig.store.root, rig.leaseDir, JSON.stringify(sketch)],
      { execArgv: [...workerArgs] },
    );
    await fileAppears(join(rig.studyDir, 'marks'));
    driver.kill('SIGKILL');
    await once(driver, 'exit');

    const ran = await rig.run(sketch, {
      onEvent: atFirst('task-waiting', () => void writeFile(join(rig.studyDir, 'go'), '')),
    });
    expect(ran.kinds('a')).toContain('task-waiting');
    expect(ran.state('a')).toBe('cached');
    expect(await rig.lines('marks')).toEqual(['ran']);
  });
});

describe('a task that takes too long', () => {
  it.each([
    ['hangs', 'hang'],
    ['does not even hear', 'block'],
  ] as const)('is ended after its timeout when it %s', async (_, step) => {
    await using rig = await openRig();
    await rig.script('long', [{ do: step }]);
    const clock = new ManualClock();
    const ran = await rig.run(
      { tasks: { a: heavy('', 'long', { timeoutMs: 5_000 }) } },
      {
        clock,
        patience: { stopGraceMs: 2_000, killGraceMs: 2_000 },
        // Past the timeout; where that is not heard, on to SIGTERM and SIGKILL.
        onEvent: atFirst('task-started', () => clock.advance(step === 'hang' ? 7_000 : 60_000)),
      },
    );
    expect(ran.failure('a')).toMatchObject({ class: 'timeout', afterMs: 5_000 });
  });

  it('is ended when its worker is silent', async () => {
    await using rig = await openRig();
    await rig.script('deaf', [{ do: 'block' }]);
    const clock = new ManualClock();
    const ran = await rig.run(
      { tasks: { a: heavy('', 'deaf') } },
      {
        clock,
        patience: { stallMs: 60_000 },
        onEvent: atFirst('task-started', () => clock.advance(600_000)),
      },
    );
    expect(ran.failure('a')).toMatchObject({ class: 'stall' });
  });

  it('is not ended for a time in which the driver itself stood still', async () => {
    await using rig = await openRig();
    await rig.script('wait', [{ do: 'await', file: 'go' }]);
    const clock = new ManualClock();
    const ran = await rig.run(
      { tasks: { a: heavy('made', 'wait', { timeoutMs: 3_600_000 }) } },
      {
        clock,
        patience: { stallMs: 60_000 },
        onEvent: atFirst('task-started', () => {
          clock.standStill(600_000);
          void writeFile(join(rig.studyDir, 'go'), '');
        }),
      },
    );
    expect(ran.failure('a')).toBeUndefined();
    expect(ran.state('a')).toBe('done');
    expect(ran.kinds('a')).toEqual(['task-keyed', 'task-started', 'task-done']);
  });

  it('is ended when it reports no progress any more, and only if it ever did', async () => {
    await using rig = await openRig();
    await rig.script('stuck', [{ do: 'progress', done: 1, of: 9 }, { do: 'hang' }]);
    const clock = new ManualClock();
    const ran = await rig.run(
      { tasks: { a: heavy('', 'stuck') } },
      {
        clock,
        patience: { stallMs: 60_000 },
        onEvent: atFirst('task-progress', () => clock.advance(70_000)),
      },
    );
    expect(ran.failure('a')).toMatchObject({ class: 'stall' });
  });
});

describe('two runs at a time', () => {
  it('compute each task once, and hold no device twice', async () => {
    await using rig = await openRig();
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) {
      await rig.script(name, [
        { do: 'mark', file: 'marks', line: `begin ${name}` },
        // Whoever has the slot holds it until the other has found it taken.
        { do: 'await', file: 'go' },
        { do: 'mark', file: 'marks', line: `end ${name}` },
      ]);
    }
    const sketch = { tasks: Object.fromEntries(names.map((name) => [name, heavy(name, name)])) };
    const onEvent = atFirst('warning', () => void writeFile(join(rig.studyDir, 'go'), ''));
    const [one, other] = await Promise.all([rig.run(sketch, { onEvent }), rig.run(sketch, { onEvent })]);
    expect([one.outcome, other.outcome]).toEqual(['done', 'done']);
    expect(one.counts.done + other.counts.done).toBe(4);
    const marks = await rig.lines('marks');
    expect(marks).toHaveLength(8);
    // One slot: nothing begins before what was begun has ended.
    for (let i = 0; i < marks.length; i += 2) expect(marks[i + 1]).toBe(marks[i]?.replace('begin', 'end'));
  });
});

function keyOf(events: readonly RunEvent[]): (RunEvent & { kind: 'task-keyed' })['key'] {
  const keyed = events.find((event) => event.kind === 'task-keyed');
  if (keyed === undefined) throw new Error('nothing was keyed');
  return keyed.key;
}

it('keeps what a task wrote, as a blob of its result and as a file of the run', async () => {
  await using rig = await openRig();
  await rig.script('talk', [
    { do: 'say', text: 'This is oneDNN custom operations are on chatter' },
    { do: 'say', text: 'hello' },
  ]);
  const ran = await rig.run({ tasks: { a: heavy('x', 'talk') } });
  const found = await rig.store.actions.get(keyOf(ran.events));
  const log = found.kind === 'found' ? found.result.provenance.log : undefined;
  const read = await rig.store.blobs.read(log as never);
  expect(read.kind === 'found' ? Buffer.from(read.bytes).toString() : read).toBe('hello\n');
  const file = taskLogFile(runFolder(rig.store.runsDir, ran.run), taskId('a'));
  expect(await readFile(file, 'utf8')).toBe('hello\n');
});
