import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { outputsOf } from '../end-to-end/runs.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';
import { killDriver, openCluster, placeStudy } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { submittedIn } from './submitted.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster(1);
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** The quickstart, tiny: of its tasks one of each kind for each seed, of its rounds one. */
const smaller = [
  ...['--smoke', '--param', 'rounds=1'],
  ...['accuracy', 'localise@method=grad-cam', 'corloc', 'human@set=colour'].flatMap((each) => [
    '--only',
    each,
  ]),
];

it('gives the bytes that it gives here, and submits nothing twice though its driver is killed', async () => {
  await using here = await temporaryFolder();
  await placeStudy(here.path, await readFile(join(repositoryRoot, 'workflows/quickstart.yaml'), 'utf8'));
  const first = cluster.run(here.path, smaller);
  // In the middle: something is done, something runs and waits.
  await first.line((line) => line.startsWith('{"kind":"task-done"'));
  await killDriver(first);
  const second = await cluster.run(here.path, smaller).finished;
  expect(second.code, second.stderr + second.stdout).toBe(0);

  // As many slots as there are cores: one thread each, as the jobs had.
  const slots = ['--slots', `cpu:${availableParallelism()}`, '--cache', 'local'];
  const local = await sweetspot(['run', 'study.yaml', '--json', ...smaller, ...slots], { cwd: here.path });
  expect(local.code, local.stderr + local.stdout).toBe(0);
  const outputs = outputsOf(second.stdout);
  expect(outputs.size).toBeGreaterThan(20);
  expect(outputs).toEqual(outputsOf(local.stdout));

  const submitted = await submittedIn(here.path);
  expect(new Set(submitted.keys).size).toBe(submitted.keys.length);
  expect(submitted.begunIn.size).toBeGreaterThan(10);
  for (const slots of submitted.begunIn.values()) expect(slots.size).toBe(1);
  const jobs = await cluster.jobs(`--name=${submitted.names.join(',')}`);
  expect(jobs.length).toBe(submitted.jobs);
  expect(new Set(jobs.map(({ state }) => state))).toEqual(new Set(['COMPLETED']));
});
