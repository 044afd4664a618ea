import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, tasksWith } from '../end-to-end/runs.ts';
import type { Finished } from '../support/command.ts';
import { temporaryFolder } from '../support/command.ts';
import { openCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { hasBegun, jobOf, onceForever, placeProgram } from './programs.ts';
import { submittedIn } from './submitted.ts';
import { killWorkersOf } from './workers.ts';

// Each has a node of its own, where it does something to that node: n2 is preempted, n3 dies, n4 is drained, n5 is lost sight of,
// n6 is scavenged.
let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster(6);
});
afterAll(() => cluster[Symbol.asyncDispose]());

function failureOf({ stdout }: Finished): unknown {
  return eventsOf(stdout).find((event) => event.kind === 'task-failed');
}

describe.concurrent('a job on Slurm', () => {
  it('that comes to its time limit and has saved nothing fails with words', async () => {
    await using here = await temporaryFolder();
    await placeProgram(here.path, 'sleep 600');
    const run = cluster.run(here.path);
    await cluster.limit(jobOf(await run.line(hasBegun)));
    const ended = await run.finished;
    expect(ended.code).toBe(1);
    expect(failureOf(ended)).toMatchObject({ failure: { class: 'timeout' }, willRetry: false });
  });

  it('that somebody cancels fails with words, and is not submitted again', async () => {
    await using here = await temporaryFolder();
    await placeProgram(here.path, 'sleep 600');
    const run = cluster.run(here.path);
    await cluster.ask('scancel', jobOf(await run.line(hasBegun)));
    const ended = await run.finished;
    expect(ended.code).toBe(1);
    expect(failureOf(ended)).toMatchObject({
      failure: { message: expect.stringContaining('was cancelled, and not by this run') as string },
    });
    expect((await submittedIn(here.path)).jobs).toBe(1);
  });

  it('is cancelled when its run is stopped', async () => {
    await using here = await temporaryFolder();
    await placeProgram(here.path, 'sleep 600');
    const run = cluster.run(here.path);
    const job = jobOf(await run.line(hasBegun));
    run.child.kill('SIGTERM');
    const ended = await run.finished;
    expect(ended.code).toBe(130);
    expect(tasksWith(ended.stdout, 'task-done')).toEqual([]);
    await cluster.becomes(job, 'CANCELLED');
  });

  it('goes on when another job takes its node, and puts it back into the queue', async () => {
    await using here = await temporaryFolder();
    const begun = await placeProgram(here.path, onceForever, 'partition: n2');
    const run = cluster.run(here.path);
    await run.line(hasBegun);
    await cluster.takeNode('n2');
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(2);
    expect((await submittedIn(here.path)).jobs).toBe(1);
  });

  it('has a successor when another job takes its node, and cancels it', async () => {
    await using here = await temporaryFolder();
    const begun = await placeProgram(here.path, onceForever, 'partition: scavenge');
    const run = cluster.run(here.path);
    const job = jobOf(await run.line(hasBegun));
    await cluster.takeNode('n6');
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(2);
    expect((await submittedIn(here.path)).jobs).toBe(2);
    expect(await cluster.jobs(`--jobs=${job}`)).toEqual([{ id: job, state: 'PREEMPTED' }]);
  });

  it('begins again when its node has died', async () => {
    await using here = await temporaryFolder();
    const begun = await placeProgram(here.path, onceForever, 'partition: n3');
    const run = cluster.run(here.path);
    const job = jobOf(await run.line(hasBegun));
    await cluster.kill('slurmd-n3');
    await killWorkersOf(here.path);
    await cluster.becomes(job, 'PENDING');
    await cluster.startNode('n3');
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(2);
    expect((await submittedIn(here.path)).jobs).toBe(1);
  });

  it('counts, though its node was given up and it is in the queue again, when its worker there lives on', async () => {
    await using here = await temporaryFolder();
    const go = join(here.path, 'go');
    const begun = await placeProgram(here.path, `until [ -e '${go}' ]; do sleep 0.2; done`, 'partition: n5');
    const run = cluster.run(here.path);
    const job = jobOf(await run.line(hasBegun));
    await cluster.kill('slurmd-n5');
    await cluster.becomes(job, 'PENDING');
    await writeFile(go, '');
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(1);
    await cluster.becomes(job, 'CANCELLED', 'COMPLETED');
  });

  it('waits where it is held, which is told with the way out, and where its node is drained', async () => {
    await using here = await temporaryFolder();
    await cluster.ask('scontrol', 'update', 'nodename=n4', 'state=drain', 'reason=test');
    await placeProgram(here.path, 'true', 'partition: n4', 'flags: ["--hold"]');
    const run = cluster.run(here.path);
    const [, wayOut = ''] =
      /(scontrol release \S+)/.exec(await run.line((line) => line.includes('is held'))) ?? [];
    const [program = '', ...args] = wayOut.split(' ');
    await cluster.ask(program, ...args);
    await cluster.ask('scontrol', 'update', 'nodename=n4', 'state=resume');
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
  });
});
