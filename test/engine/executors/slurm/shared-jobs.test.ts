import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { slurmDir } from '../../../../engine/executors/slurm/batch-files.ts';
import { readBook } from '../../../../engine/executors/slurm/job-book.ts';
import { runFolder } from '../../../../engine/run/run-folder.ts';
import { abandonedMark } from '../../../../engine/worker/batch-spec.ts';
import { openRig } from '../../support/rig.ts';
import type { Rig } from '../../support/rig.ts';
import type { PlanSketch } from '../../support/plans.ts';
import { fileAppears } from '../../support/scripted-kinds.ts';
import { SmallQueue } from './small-queue.ts';
import { through } from './through.ts';

/** A rig that knows how long its tasks take: next to nothing. */
async function measuredRig(): Promise<Rig> {
  const rig = await openRig();
  await rig.run({ tasks: { any: { options: { text: 'measured', script: '' } } } });
  return rig;
}

function tasks(scripts: { readonly [name: string]: string }): PlanSketch {
  const each = Object.entries(scripts).map(([name, script]) => [name, { options: { text: name, script } }]);
  return { tasks: Object.fromEntries(each) as PlanSketch['tasks'] };
}

async function batchIsAbandoned({ store }: Rig): Promise<void> {
  const isMarked = (run: string): boolean =>
    existsSync(join(store.runsDir, run, 'slurm', '1', abandonedMark));
  while (!(await readdir(store.runsDir)).some(isMarked)) await delay(20);
}

const arraysOf = ({ submissions }: SmallQueue): readonly (string | undefined)[] =>
  submissions.map((options) => options.find((each) => each.startsWith('--array')));
const limitsOf = ({ submissions }: SmallQueue): readonly (string | undefined)[] =>
  submissions.map((options) => options.find((each) => each.startsWith('--time')));

describe('tasks that are known to be short', () => {
  it.concurrent(
    'share a job, each with its own events and log; one that fails touches no other',
    async () => {
      await using rig = await measuredRig();
      const queue = new SmallQueue();
      await rig.script('says', [
        { do: 'say', text: 'spoken' },
        { do: 'write', text: 'said' },
      ]);
      await rig.script('fails', [{ do: 'fail', message: 'no' }]);
      const sketch = tasks({ a: '', b: 'fails', c: 'says', d: '' });
      const ran = await rig.run(sketch, through(queue));
      expect(arraysOf(queue)).toEqual(['--array=0-0']);
      expect(['a', 'b', 'c', 'd'].map((task) => ran.state(task))).toEqual(['done', 'failed', 'done', 'done']);
      expect(ran.failure('b')).toMatchObject({ class: 'task', message: 'no' });
      expect(await ran.text('c')).toBe('said');
      expect(ran.kinds('d')).toEqual(['task-keyed', 'task-started', 'task-done']);
      const [booked] = await readBook(slurmDir(runFolder(rig.store.runsDir, ran.run)));
      expect(booked?.elements.map(({ keys }) => keys.length)).toEqual([4]);
    },
  );

  it.concurrent('have jobs of their own where the configuration says so', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.run(tasks({ a: '', b: '' }), through(queue, { pack: { minutes: 0 } }));
    expect(arraysOf(queue)).toEqual(['--array=0-1']);
  });

  it.concurrent(
    'are done by a new worker after one that brings its worker down, which is tried alone',
    async () => {
      await using rig = await measuredRig();
      const queue = new SmallQueue();
      await rig.script('dies', [
        { do: 'die-until', file: 'deaths', lines: 1 },
        { do: 'write', text: 'at last' },
      ]);
      const ran = await rig.run(tasks({ a: '', b: 'dies', c: '' }), through(queue));
      expect(ran.outcome).toBe('done');
      expect(await ran.text('b')).toBe('at last');
      expect(arraysOf(queue)).toEqual(['--array=0-0', '--array=0-0']);
      expect(ran.kinds('c')).toEqual(['task-keyed', 'task-started', 'task-done']);
      expect(ran.kinds('b')).toEqual([
        ...['task-keyed', 'task-started', 'warning', 'task-started', 'task-done'],
      ]);
    },
  );

  it.concurrent('are left where they have not begun when the run is drained', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.script('slow', [
      { do: 'mark', file: 'begun', line: 'slow' },
      { do: 'await', file: 'go' },
      { do: 'write', text: 'x' },
    ]);
    const drain = new AbortController();
    void fileAppears(join(rig.studyDir, 'begun')).then(() => drain.abort('interrupt'));
    const ran = await rig.run(tasks({ a: 'slow', b: '', c: '' }), {
      ...through(queue),
      drainSignal: drain.signal,
      onEvent: ({ kind }) => {
        // Its worker looks for the mark when the task in hand is done.
        if (kind === 'draining') void batchIsAbandoned(rig).then(() => rig.script('go', []));
      },
    });
    expect(ran.outcome).toBe('interrupted');
    expect([ran.state('a'), ran.state('b'), ran.state('c')]).toEqual(['done', 'not-run', 'not-run']);
  });

  it.concurrent('are submitted again where their job is taken away before it comes to them', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    queue.endState = 'PREEMPTED';
    await rig.script('slow', [
      { do: 'mark', file: 'begun', line: 'slow' },
      { do: 'await', file: 'go' },
      { do: 'write', text: 'x' },
    ]);
    void fileAppears(join(rig.studyDir, 'begun')).then(async () => {
      queue.end('1_0', 'SIGTERM');
      await rig.script('go', []);
    });
    const ran = await rig.run(tasks({ a: 'slow', b: '' }), through(queue));
    expect(ran.outcome).toBe('done');
    expect(ran.kinds('b')).toEqual(['task-keyed', 'warning', 'task-started', 'task-done']);
  });
});

describe('a time limit that was guessed', () => {
  it.concurrent('is made longer, and then left to the cluster, where a task comes to it', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    queue.endState = 'TIMEOUT';
    await rig.script('dies', [
      { do: 'die-until', file: 'deaths', lines: 2 },
      { do: 'write', text: 'long' },
    ]);
    const ran = await rig.run(tasks({ a: 'dies' }), through(queue));
    expect(ran.outcome).toBe('done');
    expect(limitsOf(queue)).toEqual(['--time=15', '--time=60', undefined]);
    expect(ran.events.some(({ kind }) => kind === 'task-failed')).toBe(false);
  });

  it.concurrent('gives way to what the configuration says', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.run(tasks({ a: '' }), through(queue, { settings: { time: '5' } }));
    expect(limitsOf(queue)).toEqual(['--time=5']);
  });
});

describe('tasks without a slot', () => {
  it.concurrent('are computed beside the driver where the configuration says so', async () => {
    await using rig = await openRig();
    const queue = new SmallQueue();
    const ran = await rig.run(
      {
        tasks: {
          a: { options: { text: 'a', script: '' } },
          b: { options: { text: 'b', script: '' }, resources: { slots: 1 } },
        },
      },
      through(queue, { light: 'here' }),
    );
    expect(ran.outcome).toBe('done');
    const slots = ran.events.flatMap((event) =>
      event.kind === 'task-started' ? [[event.task, event.slot]] : [],
    );
    expect(Object.fromEntries(slots)).toEqual({ a: 'light', b: 'slurm:1_0' });
  });
});
