import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { slurmDir } from '../../../../engine/executors/slurm/batch-files.ts';
import { readBook } from '../../../../engine/executors/slurm/job-book.ts';
import { runFolder } from '../../../../engine/run/run-folder.ts';
import { openRig } from '../../support/rig.ts';
import type { Ran, Rig } from '../../support/rig.ts';
import type { PlanSketch, TaskSketch } from '../../support/plans.ts';
import { fileAppears } from '../../support/scripted-kinds.ts';
import { SmallQueue } from './small-queue.ts';
import { through } from './through.ts';

/** A rig that knows how long its tasks take: next to nothing; with a script that shouts what a task reads. */
async function measuredRig(): Promise<Rig> {
  const rig = await openRig();
  await rig.run({ tasks: { any: { options: { text: 'measured', script: '' } } } });
  await rig.script('shout', [{ do: 'shout' }]);
  return rig;
}

const source = (text: string, script = ''): TaskSketch => ({ options: { text, script } });
const shoutOf = (from: string, script = 'shout'): TaskSketch => ({
  ...{ options: { text: '', script }, inputs: { from: `${from}.out` } },
});
/** `b` shouts what `a` says, `c` what `b` does. */
const chain: PlanSketch = { tasks: { a: source('hear'), b: shoutOf('a'), c: shoutOf('b') } };

const begunAndDone = ['task-keyed', 'task-started', 'task-done'];
/** By task, the job in which it was begun. */
function jobsOf({ events }: Ran): { readonly [task: string]: string } {
  const begun = events.flatMap((event): readonly (readonly [string, string])[] =>
    event.kind === 'task-started' ? [[event.task, event.slot]] : [],
  );
  return Object.fromEntries(begun);
}

describe('short tasks that follow one another', () => {
  it.concurrent('go on in the job of the first, each with its own key, events and result', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    const ran = await rig.run(chain, through(queue));
    expect(jobsOf(ran)).toEqual({ a: 'slurm:1_0', b: 'slurm:1_0', c: 'slurm:1_0' });
    expect(queue.submissions).toHaveLength(1);
    for (const task of ['a', 'b', 'c']) expect(ran.kinds(task)).toEqual(begunAndDone);
    expect(await ran.text('c')).toBe('HEAR');
    const [booked] = await readBook(slurmDir(runFolder(rig.store.runsDir, ran.run)));
    expect(booked?.elements.map(({ keys, followers }) => [keys.length, followers])).toEqual([[1, 2]]);
    const again = await rig.run(chain);
    expect(again.counts).toMatchObject({ cached: 3, done: 0 });
  });

  it.concurrent('gather what several in one job have made', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    const all: TaskSketch = {
      options: { text: '', script: 'shout' },
      inputs: { all: ['a.out', 'b.out'] },
    };
    const ran = await rig.run({ tasks: { a: source('one'), b: source('two'), all } }, through(queue));
    expect(await ran.text('all')).toBe('ONE TWO');
    expect(new Set(Object.values(jobsOf(ran)))).toEqual(new Set(['slurm:1_0']));
  });

  it.concurrent('come after those that are to have gone before, also where nothing is read', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.script('marks', [{ do: 'mark', file: 'order', line: 'first' }]);
    await rig.script('marks2', [{ do: 'mark', file: 'order', line: 'second' }]);
    const ran = await rig.run(
      { tasks: { a: source('a', 'marks'), b: { ...source('b', 'marks2'), needs: ['a'] } } },
      through(queue),
    );
    expect(jobsOf(ran)).toEqual({ a: 'slurm:1_0', b: 'slurm:1_0' });
    expect(await rig.lines('order')).toEqual(['first', 'second']);
  });

  it.concurrent(
    'have jobs of their own where nobody knows that they are short, or may not share',
    async () => {
      await using rig = await measuredRig();
      const queue = new SmallQueue();
      const unknown: PlanSketch = {
        tasks: { a: source('hear'), b: { ...shoutOf('a', 'both'), kind: 'pair' }, c: shoutOf('b') },
      };
      await rig.script('both', [{ do: 'shout' }, { do: 'write', text: 'x', output: 'other' }]);
      const ran = await rig.run(unknown, through(queue));
      // Once `b` is known, what follows it goes on in its job.
      expect(jobsOf(ran)).toEqual({ a: 'slurm:1_0', b: 'slurm:2_0', c: 'slurm:2_0' });
      const apart = await rig.run(
        { tasks: { ...chain.tasks, a: source('hear again') } },
        through(queue, { pack: { minutes: 0 } }),
      );
      expect(new Set(Object.values(jobsOf(apart))).size).toBe(3);
    },
  );

  it.concurrent('have jobs of their own where they take more of a node than the first', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    const wide = { ...shoutOf('a'), resources: { slots: 0, cpu: 2 } };
    const ran = await rig.run({ tasks: { a: source('hear'), b: wide } }, through(queue));
    expect(jobsOf(ran)).toEqual({ a: 'slurm:1_0', b: 'slurm:2_0' });
  });

  it.concurrent('are left where the one before them fails', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.script('fails', [{ do: 'fail', message: 'no' }]);
    await rig.script('marks', [{ do: 'mark', file: 'begun', line: 'c' }]);
    const ran = await rig.run(
      { tasks: { a: source('hear'), b: shoutOf('a', 'fails'), c: shoutOf('b', 'marks') } },
      through(queue),
    );
    expect([ran.state('a'), ran.state('b'), ran.state('c')]).toEqual(['done', 'failed', 'blocked']);
    expect(await rig.lines('begun')).toEqual([]);
    expect(queue.submissions).toHaveLength(1);
  });

  it.concurrent('find what is there already, early cut-off included', async () => {
    await using rig = await measuredRig();
    await rig.run(chain);
    const queue = new SmallQueue();
    // Another way to the same bytes.
    const ran = await rig.run(
      { tasks: { ...chain.tasks, a: { options: { text: 'hear', script: '', volume: 4 } } } },
      through(queue),
    );
    expect(['a', 'b', 'c'].map((task) => ran.state(task))).toEqual(['done', 'cached', 'cached']);
    expect(queue.submissions).toHaveLength(1);
  });

  it.concurrent('go on after one that brings its worker down, which is tried alone', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.script('dies', [{ do: 'die-until', file: 'deaths', lines: 1 }, { do: 'shout' }]);
    const ran = await rig.run(
      { tasks: { a: source('hear'), b: shoutOf('a', 'dies'), c: shoutOf('b') } },
      through(queue),
    );
    expect(ran.outcome).toBe('done');
    expect(await ran.text('c')).toBe('HEAR');
    expect(ran.kinds('b')).toEqual([
      ...['task-keyed', 'task-started', 'warning', 'task-started', 'task-done'],
    ]);
  });
});

describe('a job that goes on by itself', () => {
  const slow = [
    { do: 'mark', file: 'begun', line: 'once' },
    { do: 'await', file: 'go' },
  ] as const;

  it.each([
    ['before', { a: source('hear', 'slow'), b: shoutOf('a') }, 'a'],
    ['after', { a: source('hear'), b: shoutOf('a', 'slow') }, 'b'],
  ])('is taken on by a driver that comes %s its first task was done', async (_, tasks, heldUp) => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.script('slow', [...slow, heldUp === 'a' ? { do: 'write', text: 'hear' } : { do: 'shout' }]);
    const leave = new AbortController();
    const first = await rig.run(
      { tasks },
      {
        ...{ ...through(queue), leaveSignal: leave.signal },
        onEvent: (event) => {
          if (event.kind === 'task-started' && event.task === heldUp) leave.abort();
        },
      },
    );
    expect(first.outcome).toBe('interrupted');
    const second = await rig.run(
      { tasks },
      {
        ...through(queue),
        onEvent: (event) => {
          if (event.kind === 'warning') void rig.script('go', []);
        },
      },
    );
    expect(second.outcome).toBe('done');
    expect(await second.text('b')).toBe('HEAR');
    expect(queue.submissions).toHaveLength(1);
    expect(await rig.lines('begun')).toEqual(['once']);
  });

  it('goes on where it was when its node is lost', async () => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.script('once', [
      { do: 'mark', file: 'a', line: 'a' },
      { do: 'write', text: 'hear' },
    ]);
    await rig.script('slow', [
      { do: 'mark', file: 'b', line: 'b' },
      { do: 'await', file: 'go' },
      { do: 'shout' },
    ]);
    let lost: Promise<void> | undefined;
    const ran = await rig.run(
      { tasks: { a: source('', 'once'), b: shoutOf('a', 'slow'), c: shoutOf('b') } },
      {
        ...through(queue),
        onEvent: (event) => {
          if (event.kind === 'task-started' && event.task === 'b')
            lost ??= queue.requeue('1_0').then(() => rig.script('go', []));
        },
      },
    );
    await lost;
    expect(ran.outcome).toBe('done');
    expect(await ran.text('c')).toBe('HEAR');
    expect([await rig.lines('a'), await rig.lines('b')]).toEqual([['a'], ['b', 'b']]);
    expect(queue.submissions).toHaveLength(1);
  });

  it.each([
    ['has been heard to be done', 'task-done'],
    ['is done, and nobody has heard of it yet', 'begun'],
  ])('is ended where the run is drained when its first task %s', async (_, when) => {
    await using rig = await measuredRig();
    const queue = new SmallQueue();
    await rig.script('slow', [{ do: 'mark', file: 'begun', line: 'b' }, { do: 'hang' }]);
    const drain = new AbortController();
    if (when === 'begun') void fileAppears(join(rig.studyDir, 'begun')).then(() => drain.abort('interrupt'));
    const ran = await rig.run(
      { tasks: { a: source('hear'), b: shoutOf('a', 'slow') } },
      {
        ...{ ...through(queue), drainSignal: drain.signal },
        onEvent: ({ kind }) => {
          if (kind === when) drain.abort('interrupt');
        },
      },
    );
    expect([ran.state('a'), ran.state('b')]).toEqual(['done', 'not-run']);
    const states = async (): Promise<readonly string[]> => (await queue.queue()).map(({ state }) => state);
    await expect.poll(states, { timeout: 60_000 }).not.toContain('RUNNING');
  });
});
