import { readFile, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLine } from '../../engine/run/sealed-line.ts';
import { eventsOf, outputsOf, tasksWith } from '../end-to-end/runs.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { killDriver, openCluster, placeStudy } from './cluster.ts';
import type { Cluster } from './cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const tiny = `study: tiny
data:
  train: { uses: shapes, split: train, count: 48 }
  masks: { uses: shapes, split: masks, count: 8 }
tasks:
  dense: { uses: train, with: { model: resnet20, data: '\${{ data.train }}', recipe: { epochs: 2, batch: 16 } } }
  cut: { uses: prune, with: { model: '\${{ dense.model }}', fraction: 0.2 } }
  pool: { uses: pool, with: { models: ['\${{ dense.model }}', '\${{ cut.model }}'] } }
  accuracy: { each: pool, uses: evaluate, with: { model: '\${{ member.model }}', data: '\${{ data.masks }}' } }
  report: { uses: report, with: { scores: '\${{ all.accuracy.scores }}' } }
`;

/** A study of one program that says that it has begun, and then does `script`. */
function program(script: string): string {
  const run = JSON.stringify(['sh', '-ec', `echo begun >> "$MARKS"; ${script}; echo made > out.txt`]);
  return `study: program
tasks:
  work: { uses: command, with: { run: ${run}, env: { MARKS: MARKS_FILE }, outputs: { out: { type: files, path: out.txt } } } }
`;
}

async function placeProgram(dir: string, script: string, slurm?: string): Promise<() => Promise<number>> {
  const marks = join(dir, 'marks');
  await placeStudy(dir, program(script).replace('MARKS_FILE', JSON.stringify(marks)), slurm);
  return async () => (await readFile(marks, 'utf8').catch(() => '')).split('\n').length - 1;
}

const hasBegun = (line: string): boolean => line.startsWith('{"kind":"task-started"');

/** The job in which a task has begun. */
function jobOf(line: string): string {
  return (JSON.parse(line) as { slot: string }).slot.replace('slurm:', '');
}

/** Keys that the runs of a store have submitted, each as often as it was. */
async function submittedKeys(store: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const run of await readdir(join(store, 'runs'))) {
    const book = await readFile(join(store, 'runs', run, 'slurm', 'book.jsonl'), 'utf8').catch(() => '');
    for (const text of book.split('\n')) {
      const line = openLine(text) as { kind?: string; keys?: readonly string[] } | undefined;
      if (line?.kind === 'submitting') keys.push(...(line.keys ?? []));
    }
  }
  return keys;
}

describe('a study on Slurm', () => {
  it.concurrent(
    'gives the bytes that it gives here, and submits nothing twice though its driver is killed',
    async () => {
      await using here = await temporaryFolder();
      await placeStudy(here.path, tiny);
      const first = cluster.run(here.path, []);
      await first.line(hasBegun);
      await killDriver(first);
      const second = await cluster.run(here.path, []).finished;
      expect(second.code, second.stderr + second.stdout).toBe(0);
      // As many slots as there are cores: one thread each, as the jobs had.
      const slots = `cpu:${availableParallelism()}`;
      const local = await sweetspot(['run', 'study.yaml', '--json', '--slots', slots, '--cache', 'local'], {
        cwd: here.path,
      });
      expect(local.code).toBe(0);
      expect(outputsOf(second.stdout)).toEqual(outputsOf(local.stdout));

      const keys = await submittedKeys(join(here.path, '.sweetspot'));
      expect(new Set(keys).size).toBe(keys.length);
      const runs = (await readdir(join(here.path, '.sweetspot', 'runs'))).map((run) => `sweetspot-${run}`);
      const jobs = await cluster.jobs(`--name=${runs.join(',')}`);
      expect(jobs.length).toBe(keys.length);
      expect(new Set(jobs.map(({ state }) => state))).toEqual(new Set(['COMPLETED']));
    },
  );

  it.concurrent('fails with words when a job comes to its time limit and has saved nothing', async () => {
    await using here = await temporaryFolder();
    // Slurm sends its warning a minute ahead: at once.
    await placeProgram(here.path, 'sleep 60', '  time: 1');
    const ended = await cluster.run(here.path, []).finished;
    expect(ended.code).toBe(1);
    const [failed] = eventsOf(ended.stdout).filter((event) => event.kind === 'task-failed');
    expect(failed).toMatchObject({ failure: { class: 'timeout' }, willRetry: false });
  });

  it.concurrent('fails with words, and does not submit again, when somebody cancels a job', async () => {
    await using here = await temporaryFolder();
    await placeProgram(here.path, 'sleep 60');
    const run = cluster.run(here.path, []);
    await cluster.ask('scancel', jobOf(await run.line(hasBegun)));
    const ended = await run.finished;
    expect(ended.code).toBe(1);
    const [failed] = eventsOf(ended.stdout).filter((event) => event.kind === 'task-failed');
    expect(failed?.failure.message).toContain('was cancelled, and not by this run');
    expect(await submittedKeys(join(here.path, '.sweetspot'))).toHaveLength(1);
  });

  it.concurrent('leaves nothing in the queue when it is stopped', async () => {
    await using here = await temporaryFolder();
    await placeProgram(here.path, 'sleep 60');
    const run = cluster.run(here.path, []);
    const job = jobOf(await run.line(hasBegun));
    run.child.kill('SIGTERM');
    const ended = await run.finished;
    expect(ended.code).toBe(130);
    expect(tasksWith(ended.stdout, 'task-done')).toEqual([]);
    const left = (await cluster.jobs()).find(({ id }) => id === job);
    expect(left?.state).toBe('CANCELLED');
  });

  it('goes on when another job takes the node away from a task', async () => {
    await using here = await temporaryFolder();
    const begun = await placeProgram(here.path, 'if [ $(wc -l < "$MARKS") = 1 ]; then sleep 60; fi');
    const run = cluster.run(here.path, []);
    await run.line(hasBegun);
    await cluster.ask('sbatch', '--partition=urgent', '--exclusive', '--output=/dev/null', '--wrap=sleep 1');
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(2);
    expect(await submittedKeys(join(here.path, '.sweetspot'))).toHaveLength(1);
  });

  it('waits for a controller that is away', async () => {
    await using here = await temporaryFolder();
    const begun = await placeProgram(here.path, 'sleep 2');
    const run = cluster.run(here.path, []);
    await run.line(hasBegun);
    await cluster.killController();
    await run.line((line) => line.includes('Slurm does not answer'));
    await cluster.startController();
    const ended = await run.finished;
    expect(ended.code, ended.stderr + ended.stdout).toBe(0);
    expect(await begun()).toBe(1);
  });
});
