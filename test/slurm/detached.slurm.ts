import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { openCluster, placeStudy } from './cluster.ts';
import type { Cluster } from './cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster(1);
});
afterAll(() => cluster[Symbol.asyncDispose]());

const run = JSON.stringify(['sh', '-ec', 'while [ ! -e "$GO" ]; do sleep 0.2; done; echo made > out.txt']);
const study = (go: string): string => `study: detached
tasks:
  work: { uses: command, with: { run: ${run}, env: { GO: ${JSON.stringify(go)} }, outputs: { out: { type: files, path: out.txt } } } }
`;

it('a driver in a job is watched from outside, goes on after a requeue, and submits nothing twice', async () => {
  await using here = await temporaryFolder();
  const go = join(here.path, 'go');
  await placeStudy(here.path, study(go));
  const env = { SLURM_CONF: (await cluster.ask('printenv', 'SLURM_CONF')).trim() };
  const ask = async (...args: readonly string[]): Promise<{ [field: string]: unknown }> => {
    const answer = await sweetspot([...args, '--json'], { cwd: here.path, env });
    return JSON.parse(answer.stdout) as { [field: string]: unknown };
  };
  const until = async (
    isSo: (status: { [field: string]: unknown }) => boolean,
    ...of: string[]
  ): Promise<void> => {
    while (!isSo(await ask('status', ...of)));
  };
  const isComputing = ({ tasks }: { [field: string]: unknown }): boolean =>
    (tasks as { state: string }[]).some(({ state }) => state === 'running');

  // The node is taken, so that the driver has to wait.
  await cluster.ask('sbatch', '--exclusive', '--output=/dev/null', '--wrap=sleep 600');
  const started = await sweetspot(['run', 'study.yaml', '--executor', 'slurm', '--detach'], {
    cwd: here.path,
    env,
  });
  expect(started.code, started.stderr).toBe(0);
  const [, name = '', job = ''] = /^run (\S+): its driver is job (\d+)/.exec(started.stdout) ?? [];
  expect(await ask('status', name)).toMatchObject({ run: name, state: 'queued', driver: { job } });
  await cluster.ask('scancel', '1');

  await until(isComputing, name);
  await cluster.ask('scontrol', 'requeue', job);
  await until(({ resumedBy }) => resumedBy !== undefined, name);
  const { resumedBy } = await ask('status', name);
  await until(isComputing, String(resumedBy));
  await writeFile(go, '');
  await until(({ state }) => state === 'done', String(resumedBy));
  expect((await readdir(join(here.path, 'out/detached'))).length).toBe(1);
  const tasks = await cluster.jobs(`--name=sweetspot-${name},sweetspot-${String(resumedBy)}`);
  expect(tasks).toEqual([expect.objectContaining({ state: 'COMPLETED' })]);
});
