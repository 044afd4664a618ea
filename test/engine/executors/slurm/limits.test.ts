import { mkdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTaskKey } from '../../../../cache/digest.ts';
import { ClusterJob } from '../../../../engine/executors/slurm/cluster-job.ts';
import { untried } from '../../../../engine/executors/slurm/pending.ts';
import type { Pending } from '../../../../engine/executors/slurm/pending.ts';
import { QueueWatch } from '../../../../engine/executors/slurm/queue-watch.ts';
import { Submitter } from '../../../../engine/executors/slurm/submitter.ts';
import type { SlurmConfig } from '../../../../engine/executors/slurm/config.ts';
import type { QueueRow } from '../../../../engine/executors/slurm/queue-listing.ts';
import type { Refused, SlurmCommands } from '../../../../engine/executors/slurm/slurm-commands.ts';
import type { RunnerParts } from '../../../../engine/run/attempt-runner.ts';
import { runFolder } from '../../../../engine/run/run-folder.ts';
import { TaskTimes } from '../../../../engine/run/task-times.ts';
import { ManualClock } from '../../../cache/support/manual-clock.ts';
import { sketchPlan } from '../../support/plans.ts';
import { openRig, workerEntry } from '../../support/rig.ts';
import type { Rig } from '../../support/rig.ts';
import { SmallQueue } from './small-queue.ts';
import { config } from './through.ts';

const second = 1_000;
let rig: Rig;
let clock: ManualClock;
let notices: string[];
beforeEach(async () => {
  rig = await openRig();
  clock = new ManualClock();
  notices = [];
});
afterEach(() => rig[Symbol.asyncDispose]());

async function partsOfRun(): Promise<RunnerParts> {
  const plan = sketchPlan({ tasks: {} });
  const folder = runFolder(rig.store.runsDir, 'r1');
  await mkdir(folder.logsDir, { recursive: true });
  const readDurations = (): Promise<never> => Promise.reject(new Error('not to be read'));
  return {
    ...{ store: rig.store, folder, clock },
    patience: { stallMs: 1, stopGraceMs: 1, killGraceMs: 1 },
    times: new TaskTimes({ readDurations, runsDir: rig.store.runsDir, plan, except: 'r1' }),
    drafts: { after: () => [], draft: () => Promise.resolve(undefined), producersAmong: () => [] },
    worker: { entry: workerEntry, execArgv: [] },
    onNotice: (message) => void notices.push(message),
    openHere: () => {
      throw new Error('nothing computes here');
    },
  };
}

/** Tasks of as many kinds, none of which goes into one array with another. */
function pending(count: number, ended: string[] = []): readonly Pending[] {
  const ids = Array.from({ length: count }, (_, index) => `t${index}`);
  const { tasks } = sketchPlan({
    tasks: Object.fromEntries(ids.map((id, index) => [id, { resources: { slots: 0, cpu: index + 1 } }])),
  });
  return [...tasks.values()].map((task, index) => ({
    ...{ task, tried: untried },
    job: { task: task.id, key: parseTaskKey(String(index).repeat(64))! } as Pending['job'],
    watch: {} as Pending['watch'],
    end: (end) => void ended.push('kind' in end ? end.kind : end.ending.kind),
  }));
}

/** A queue that keeps what it is given, and begins nothing. */
class DeafQueue extends SmallQueue {
  override isFull = true;
}

interface Submitting {
  readonly queue: SmallQueue;
  readonly submitter: Submitter;
  /** Of the run, in the queue. */
  readonly jobs: Set<string>;
  /** Lets time pass, with a turn every quarter of a second; answers with the submissions so far. */
  readonly pass: (seconds: number) => Promise<number>;
}

const opened: Submitter[] = [];
afterEach(async () => {
  for (const submitter of opened.splice(0)) await submitter.close();
});

/** `onDrafting` is called while what waits is being made into jobs. */
async function submitting(
  changes: Partial<SlurmConfig['limits']>,
  onDrafting: () => void = () => undefined,
): Promise<Submitting> {
  const queue = new DeafQueue();
  const jobs = new Set<string>();
  const run = await partsOfRun();
  const after = (): readonly [] => {
    onDrafting();
    return [];
  };
  const submitter = new Submitter({
    ...{ config: { ...config, limits: { ...config.limits, ...changes } }, commands: queue },
    run: { ...run, drafts: { ...run.drafts, after } },
    ...{ inQueue: () => jobs.size, usualWaitMs: () => 0, isHere: () => false },
    onSubmitted: (_, { id }) => void jobs.add(id),
  });
  opened.push(submitter);
  const pass = async (seconds: number): Promise<number> => {
    for (let passed = 0; passed < seconds; passed += 0.25) {
      clock.advance(0.25 * second);
      await submitter.turn();
    }
    return queue.submissions.length;
  };
  return { queue, submitter, jobs, pass };
}

describe('the controller of a cluster', () => {
  it('is given no more submissions a minute than allowed', async () => {
    const { submitter, pass } = await submitting({ submissionsPerMinute: 2 });
    for (const item of pending(5)) submitter.waiting.add(item, clock.monotonicMs());
    expect(await pass(50)).toBe(2);
    expect(await pass(20)).toBe(4);
    expect(await pass(60)).toBe(5);
  });

  it('is given no more jobs at a time than allowed', async () => {
    const { submitter, jobs, pass } = await submitting({ queued: 2 });
    for (const item of pending(5)) submitter.waiting.add(item, clock.monotonicMs());
    expect(await pass(30)).toBe(2);
    jobs.delete('1_0');
    expect(await pass(30)).toBe(3);
    jobs.clear();
    expect(await pass(30)).toBe(5);
  });

  it('is given nothing that was withdrawn while its jobs were being made', async () => {
    const ended: string[] = [];
    const { queue, submitter, pass } = await submitting({ queued: 2 }, () => submitter.withdraw());
    for (const item of pending(5, ended)) submitter.waiting.add(item, clock.monotonicMs());
    await pass(30);
    expect(ended).toEqual(Array<string>(5).fill('withdrawn'));
    expect(queue.submissions).toEqual([]);
  });

  it('is left in peace for longer after each refusal, told of each, and obeyed in the end', async () => {
    const ended: string[] = [];
    const { queue, submitter, pass } = await submitting({});
    queue.refusals.push(...Array.from({ length: 9 }, () => ({ words: 'invalid account' })));
    for (const item of pending(1, ended)) submitter.waiting.add(item, clock.monotonicMs());
    const tries = [await pass(1), await pass(1.75), await pass(3.75), await pass(7.75)];
    expect(tries).toEqual([1, 2, 3, 4]);
    expect(notices.map((notice) => /trying again in (\d+) s/.exec(notice)?.[1])).toEqual(['2', '4', '8']);
    expect(ended).toEqual(['failed']);
  });

  it('is never given up while jobs of the run are in the queue, which the refusal may be due to', async () => {
    const ended: string[] = [];
    const { queue, submitter, jobs, pass } = await submitting({});
    jobs.add('1_0');
    queue.refusals.push(...Array.from({ length: 6 }, () => ({ words: 'job limit reached' })));
    for (const item of pending(1, ended)) submitter.waiting.add(item, clock.monotonicMs());
    expect(await pass(60)).toBe(5);
    expect(ended).toEqual([]);
  });
});

describe('the queue', () => {
  it('is asked once an interval for all jobs, and ever more seldom while it does not answer', async () => {
    let answer: readonly QueueRow[] | Refused = { kind: 'refused', words: 'Unable to contact' };
    let asked = 0;
    const commands: SlurmCommands = Object.assign(new SmallQueue(), {
      queue: () => {
        asked++;
        return Promise.resolve(answer);
      },
    });
    const watch = new QueueWatch({ commands, run: await partsOfRun(), pollSeconds: 10 });
    const element = {
      ...{ id: '1_0', name: 'sweetspot-r1', index: 0, parts: 1, followers: 0 },
      ...{ isGuessed: false, isEndedByUs: false, driver: 'us' as const },
      files: { dir: '', script: '', output: '' },
    };
    for (const item of pending(3)) {
      const job = new ClusterJob({
        ...item,
        ...{ element, part: 0, again: () => undefined, nowMs: 0 },
        ...{ eventsFile: '/nowhere', outputFile: '/nowhere', namedOutput: '' },
      });
      watch.add(job);
    }
    const pass = async (seconds: number): Promise<number> => {
      const before = asked;
      for (let passed = 0; passed < seconds; passed++) {
        clock.advance(second);
        await watch.turn();
      }
      return asked - before;
    };
    expect(await pass(1)).toBe(1);
    expect([await pass(20), await pass(40), await pass(80), await pass(80)]).toEqual([1, 1, 1, 1]);
    expect(notices).toEqual(['Slurm does not answer (Unable to contact); waiting for it']);
    answer = [{ id: '1_0', state: 'PENDING', reason: 'Resources', comment: '' }];
    expect(await pass(80)).toBe(1);
    expect(await pass(100)).toBe(10);
  });
});
