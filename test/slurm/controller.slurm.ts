import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf } from '../end-to-end/runs.ts';
import { temporaryFolder } from '../support/command.ts';
import { openCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { hasBegun, jobOf, placeProgram } from './programs.ts';
import { submittedIn } from './submitted.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster(1);
});
afterAll(() => cluster[Symbol.asyncDispose]());

describe('a run', () => {
  it('waits for a controller that is away, and takes up its job where that left it', async () => {
    await using here = await temporaryFolder();
    const go = join(here.path, 'go');
    const begun = await placeProgram(here.path, `until [ -e '${go}' ]; do sleep 0.2; done`);
    const run = cluster.run(here.path);
    const job = jobOf(await run.line(hasBegun));
    await cluster.remembers(job);
    await cluster.kill('slurmctld');
    await run.line((line) => line.includes('Slurm does not answer'));
    await cluster.startController();
    await writeFile(go, '');
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(1);
    await cluster.becomes(job, 'COMPLETED');
  });

  it('that begins while it is away submits once it is back', async () => {
    await using here = await temporaryFolder();
    const begun = await placeProgram(here.path, 'true');
    await cluster.kill('slurmctld');
    const run = cluster.run(here.path);
    await run.line((line) => line.includes('Slurm takes no jobs'));
    await cluster.startController();
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(1);
    expect((await submittedIn(here.path)).jobs).toBe(1);
  });

  it('that Slurm refuses for good ends with its words', async () => {
    await using here = await temporaryFolder();
    await placeProgram(here.path, 'true', 'partition: gpus');
    const ended = await cluster.run(here.path).finished;
    expect(ended.code).toBe(3);
    const failed = eventsOf(ended.stdout).find((event) => event.kind === 'task-failed');
    expect(failed).toMatchObject({ failure: { class: 'machine' } });
    expect(failed?.failure.message).toContain('invalid partition specified: gpus');
  });
});
