import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, outputsOf } from '../end-to-end/runs.ts';
import { holdAtSnapshot } from '../faults/held-training.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import type { Started } from '../support/command.ts';
import { openCluster, placeStudy } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { hasBegun, jobOf } from './programs.ts';
import { submittedIn } from './submitted.ts';

const study = `study: training
data: { train: { uses: shapes, split: train, count: 48 } }
tasks:
  dense: { uses: train, with: { model: resnet20, data: '\${{ data.train }}', recipe: { epochs: 4, batch: 16 } } }
`;

let cluster: Cluster;
let expected: ReadonlyMap<string, object>;
beforeAll(async () => {
  [cluster, expected] = await Promise.all([openCluster(2), trainedHere()]);
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** Digests of what the same study makes without a cluster. */
async function trainedHere(): Promise<ReadonlyMap<string, object>> {
  await using here = await temporaryFolder();
  await placeStudy(here.path, study);
  // As many slots as there are cores: one thread each, as the jobs have.
  const slots = `cpu:${availableParallelism()}`;
  const ran = await sweetspot(['run', 'study.yaml', '--json', '--slots', slots], { cwd: here.path });
  expect(ran.code, ran.stderr + ran.stdout).toBe(0);
  return outputsOf(ran.stdout);
}

/** A run whose training stands still in its second epoch; before it sends SIGTERM, Slurm lets a process go on. */
async function halted(dir: string): Promise<{ readonly run: Started; readonly job: string }> {
  const training = holdAtSnapshot(join(dir, '.sweetspot'), 2);
  const run = cluster.run(dir, [], training.env);
  const job = jobOf(await run.line(hasBegun));
  await training.held(run);
  return { run, job };
}

async function endsAsHere(run: Started): Promise<string> {
  const ended = await run.finished;
  expect(ended.code, ended.stderr + ended.stdout).toBe(0);
  expect(outputsOf(ended.stdout)).toEqual(expected);
  const begun = eventsOf(ended.stdout).filter((event) => event.kind === 'task-started');
  expect(begun.map(({ resumed }) => resumed)).toEqual([false, true]);
  return ended.stdout;
}

describe.concurrent('a training on Slurm', () => {
  it('goes on in a new job from what it saved ahead of its time limit, to the same bytes', async () => {
    await using here = await temporaryFolder();
    await placeStudy(here.path, study);
    const { run, job } = await halted(here.path);
    await cluster.limit(job);
    await endsAsHere(run);
    expect((await submittedIn(here.path)).jobs).toBe(2);
    await cluster.becomes(job, 'FAILED');
  });

  it('goes on in the same job when another has taken its node, to the same bytes', async () => {
    await using here = await temporaryFolder();
    await placeStudy(here.path, study, 'partition: n2');
    const { run } = await halted(here.path);
    await cluster.takeNode('n2');
    await endsAsHere(run);
    expect((await submittedIn(here.path)).jobs).toBe(1);
  });
});
