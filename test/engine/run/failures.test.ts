import { describe, expect, it } from 'vitest';
import { cpuSlots, openRig } from '../support/rig.ts';
import type { PlanSketch, TaskSketch } from '../support/plans.ts';

const scripted = (script: string, more: Partial<TaskSketch> = {}): TaskSketch => ({
  options: { text: 'made', script },
  ...more,
});

describe('a task that fails', () => {
  it('blocks what depends on it, and nothing else', async () => {
    await using rig = await openRig();
    await rig.script('bad', [
      { do: 'say', text: 'about to fail' },
      { do: 'fail', message: 'it broke' },
    ]);
    const ran = await rig.run({
      tasks: {
        bad: scripted('bad'),
        after: scripted('', { inputs: { from: 'bad.out' } }),
        later: scripted('', { needs: ['after'] }),
        apart: scripted('', { options: { text: 'apart', script: '' } }),
      },
    });
    expect(ran.outcome).toBe('failed');
    expect(ran.counts).toEqual({ cached: 0, done: 1, failed: 1, blocked: 2, notRun: 0 });
    expect(ran.results.get('later' as never)).toEqual({ kind: 'blocked', by: 'bad' });
    expect(ran.failure('bad')).toMatchObject({ class: 'task', message: 'it broke' });
    expect(ran.failure('bad')).toHaveProperty('lastWords', expect.stringContaining('about to fail'));
  });

  it('is tried again as often as the study says', async () => {
    await using rig = await openRig();
    await rig.script('twice', [{ do: 'fail-until', file: 'tries', lines: 2 }]);
    const ran = await rig.run({ tasks: { a: scripted('twice', { retries: 2 }) } });
    expect(ran.state('a')).toBe('done');
    const failures = ran.events.filter((event) => event.kind === 'task-failed');
    expect(failures.map((event) => event.willRetry)).toEqual([true, true]);

    await rig.script('thrice', [{ do: 'fail-until', file: 'more-tries', lines: 3 }]);
    const again = await rig.run({ tasks: { b: scripted('thrice', { retries: 2 }) } });
    expect(again.state('b')).toBe('failed');
  });

  it('ends the run at once where the study is to fail fast', async () => {
    await using rig = await openRig();
    await rig.script('bad', [{ do: 'fail', message: 'no' }]);
    const tasks: PlanSketch['tasks'] = {
      bad: scripted('bad'),
      ...Object.fromEntries(
        Array.from({ length: 5 }, (_, i) => [`t${i}`, { options: { text: `${i}`, script: '' } }]),
      ),
    };
    const ran = await rig.run({ tasks }, { failFast: true });
    expect(ran.outcome).toBe('failed');
    expect(ran.counts.notRun).toBeGreaterThan(0);
    expect(ran.events).toContainEqual(expect.objectContaining({ kind: 'draining', reason: 'fail-fast' }));
  });

  it.each([
    ['writes nothing', [{ do: 'say', text: 'idle' }], /nothing was written/],
    [
      'writes what is not of its type',
      [{ do: 'write', text: 'x', output: 'out' }],
      /output 'other': nothing was written/,
    ],
  ] as const)('fails a task that %s, and stores no result', async (_, steps, message) => {
    await using rig = await openRig();
    await rig.script('half', steps);
    const sketch = { tasks: { a: { kind: 'pair', options: { text: '', script: 'half' } } } };
    const ran = await rig.run(sketch);
    expect(ran.failure('a')).toMatchObject({
      class: 'task',
      message: expect.stringMatching(message) as string,
    });
    expect((await rig.run(sketch)).counts.cached).toBe(0);
  });

  it('fails a task whose facts are not as promised', async () => {
    await using rig = await openRig();
    await rig.script('facts', [{ do: 'state-fact', value: 0.25 }]);
    const planned = (level: number): PlanSketch => ({
      tasks: { a: scripted('facts', { facts: { out: { level } } }) },
    });
    const broken = await rig.run(planned(0.5));
    expect(broken.failure('a')?.message).toMatch(/level = 0.5, and came out with 0.25/);
    expect((await rig.run(planned(0.25))).state('a')).toBe('done');
  });

  it('drains the run where the machine is at fault', async () => {
    await using rig = await openRig();
    await rig.script('full', [{ do: 'fail', message: 'no space left', class: 'machine' }]);
    const ran = await rig.run({
      tasks: {
        a: scripted('full', { retries: 3 }),
        b: { options: { text: 'b', script: '' } },
        c: { options: { text: 'c', script: '' } },
      },
    });
    expect(ran.outcome).toBe('machine');
    expect(ran.counts.failed).toBe(1);
    expect(ran.counts.notRun).toBeGreaterThan(0);
  });
});

describe('a worker that goes away', () => {
  it('is replaced, and its task tried again', async () => {
    await using rig = await openRig();
    await rig.script('die-once', [{ do: 'die-until', file: 'deaths', lines: 1 }]);
    const ran = await rig.run({ tasks: { a: scripted('die-once', { resources: { slots: 1 } }) } });
    expect(ran.state('a')).toBe('done');
    const lost = ran.events.find((event) => event.kind === 'task-failed');
    expect(lost).toMatchObject({ willRetry: true, failure: { class: 'lost', signal: 'SIGKILL' } });
    expect(ran.events.filter((event) => event.kind === 'task-started')).toHaveLength(2);
  });

  it('fails its task when that ends every worker, which costs the slot nothing else', async () => {
    await using rig = await openRig();
    await rig.script('die', [{ do: 'exit', code: 0 }]);
    const ran = await rig.run({
      tasks: {
        a: scripted('die', { resources: { slots: 1 } }),
        b: { options: { text: 'b', script: '' }, resources: { slots: 1 } },
      },
    });
    expect(ran.failure('a')).toMatchObject({ class: 'lost', exitCode: 0 });
    expect(ran.kinds('a').filter((kind) => kind === 'task-started')).toHaveLength(3);
    expect(ran.state('b')).toBe('done');
  });

  it('has its slot quarantined when different tasks are lost on it', async () => {
    await using rig = await openRig();
    await rig.script('die', [{ do: 'kill-self' }]);
    const heavy = (text: string): TaskSketch => ({
      options: { text, script: 'die' },
      resources: { slots: 1 },
    });
    const ran = await rig.run({ tasks: { a: heavy('a'), b: heavy('b') } });
    expect(ran.events).toContainEqual(expect.objectContaining({ kind: 'slot-quarantined', slot: 'cpu:0' }));
    expect(ran.outcome).toBe('machine');
  });
});

describe('workers that cannot start', () => {
  it.each([
    ['light', 0],
    ['heavy', 1],
  ])('end the run as the machine’s fault, and say why: %s', async (_, slots) => {
    await using rig = await openRig();
    const ran = await rig.run(
      { tasks: { a: { options: { text: 'a', script: '' }, resources: { slots } } } },
      { workerEntry: new URL('../support/no-such-entry.ts', import.meta.url) },
    );
    expect(ran.outcome).toBe('machine');
    expect(ran.failure('a')?.message).toMatch(/no-such-entry/);
  });
});

it('says when a task needs more slots than there are', async () => {
  await using rig = await openRig();
  const ran = await rig.run({
    tasks: { a: { options: { text: 'a', script: '' }, resources: { slots: 0, gpu: 2 } } },
  });
  expect(ran.failure('a')).toEqual({
    class: 'machine',
    message: 'it needs 2 gpu slot(s), and 0 can be used',
  });
});

it('gives a task that needs two slots both, and one-slot tasks one each', async () => {
  await using rig = await openRig();
  const heavy = (text: string, slots: number): TaskSketch => ({
    options: { text, script: '' },
    resources: { slots },
  });
  const ran = await rig.run(
    { tasks: { a: heavy('a', 1), b: heavy('b', 2), c: { ...heavy('c', 1), needs: ['b'] } } },
    { slots: cpuSlots(2) },
  );
  expect(ran.counts.done).toBe(3);
  const on = ran.events.flatMap((event) => (event.kind === 'task-started' ? [[event.task, event.slot]] : []));
  expect(Object.fromEntries(on) as unknown).toMatchObject({
    b: 'cpu:0+cpu:1',
    c: expect.stringMatching(/^cpu:.$/) as string,
  });
});
