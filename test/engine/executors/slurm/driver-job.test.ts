import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { submitDriver } from '../../../../engine/executors/slurm/driver-job.ts';
import { isFresh, noteResumed, resumedBy } from '../../../../engine/run/detached.ts';
import { runFolder } from '../../../../engine/run/run-folder.ts';
import { openRig } from '../../support/rig.ts';
import type { Rig } from '../../support/rig.ts';
import { fileAppears } from '../../support/scripted-kinds.ts';
import { SmallQueue } from './small-queue.ts';
import { through } from './through.ts';

async function submitted(rig: Rig, script: string): Promise<readonly string[]> {
  const folder = runFolder(rig.store.runsDir, 'r1');
  await mkdir(folder.dir);
  let options: readonly string[] = [];
  const submit = (given: readonly string[]): Promise<{ readonly jobId: string }> => {
    options = given;
    return Promise.resolve({ jobId: '7' });
  };
  await submitDriver({
    ...{ store: rig.store, folder, run: 'r1', commands: { submit }, cwd: rig.studyDir },
    command: ['bash', '-c', script, "it's"],
    settings: { account: 'lab', partition: 'gpu', time: '1:00', constraint: 'h200' },
    driver: { cpus: 2, partition: 'long', mem: '2G', flags: ['--nice'] },
  });
  return options;
}

it('a driver gets a job of its own kind, which is begun anew when it ends by a limit', async () => {
  await using rig = await openRig();
  const options = await submitted(rig, 'true');
  expect(options.slice(0, -1)).toEqual([
    ...['--job-name=sweetspot-r1-driver', `--output=${rig.store.runsDir}/r1/driver.out`],
    ...[`--chdir=${rig.studyDir}`, '--open-mode=append', '--requeue', '--signal=B:USR1@120'],
    ...['--cpus-per-task=2', '--mem=2G', '--partition=long', '--account=lab', '--nice'],
  ]);
});

it('its script names the run, passes SIGTERM on, waits for the end, and ends as the driver does', async () => {
  await using rig = await openRig();
  const seen = join(rig.studyDir, 'seen');
  const begun = join(rig.studyDir, 'begun');
  const script = `trap 'sleep 0.3; echo "$SWEETSPOT_DETACHED_RUN $0" > ${seen}; exit 9' TERM; touch ${begun}; while :; do sleep 0.1; done`;
  const file = (await submitted(rig, script)).at(-1) ?? '';
  const job = spawn('bash', [file], { stdio: 'ignore' });
  const ended = once(job, 'exit');
  await fileAppears(begun);
  job.kill('SIGTERM');
  expect((await ended)[0]).toBe(9);
  expect(await readFile(seen, 'utf8')).toBe("r1 it's\n");
});

it('its script passes a SIGTERM on that comes before it knows whom to', async () => {
  await using rig = await openRig();
  const begun = join(rig.studyDir, 'begun');
  const file = (await submitted(rig, `trap 'exit 9' TERM; touch ${begun}; while :; do sleep 0.1; done`)).at(
    -1,
  )!;
  // As on a node that is too busy for the next command.
  const text = await readFile(file, 'utf8');
  expect(text).toContain('& driver=$!');
  await writeFile(file, text.replace('& driver=$!', '& sleep 0.5; driver=$!'));
  const job = spawn('bash', [file], { stdio: 'ignore' });
  const ended = once(job, 'exit');
  await fileAppears(begun);
  job.kill('SIGTERM');
  expect((await ended)[0]).toBe(9);
});

it('its script takes nothing for its own that whoever submits has in the environment', async () => {
  await using rig = await openRig();
  const file = (await submitted(rig, 'sleep 0.3; exit 9')).at(-1)!;
  const env = { ...process.env, early: '1', driver: '1' };
  const job = spawn('bash', [file], { stdio: 'ignore', env });
  expect(await once(job, 'exit')).toEqual([9, null]);
});

it('its script has the job begun anew ahead of its time limit', async () => {
  await using rig = await openRig();
  const begun = join(rig.studyDir, 'begun');
  const file = (await submitted(rig, `touch ${begun}; while [ ! -e ${begun}2 ]; do sleep 0.1; done`)).at(-1);
  const bin = join(rig.studyDir, 'bin');
  await mkdir(bin);
  await promisify(execFile)('bash', [
    '-c',
    `printf '#!/bin/bash\\necho "$@" > ${begun}2\\n' > ${bin}/scontrol; chmod +x ${bin}/scontrol`,
  ]);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, SLURM_JOB_ID: '7' };
  const job = spawn('bash', [file ?? ''], { stdio: 'ignore', env });
  const ended = once(job, 'exit');
  await fileAppears(begun);
  job.kill('SIGUSR1');
  expect((await ended)[0]).toBe(0);
  expect(await readFile(`${begun}2`, 'utf8')).toBe('requeue 7\n');
});

it('a run whose job was begun anew names the run that goes on, however often', async () => {
  await using rig = await openRig();
  const folders = ['r1', 'r2', 'r3'].map((run) => runFolder(rig.store.runsDir, run));
  for (const { dir } of folders) await mkdir(dir);
  const detached = { run: 'r1', job: undefined };
  expect(isFresh(folders[0]!)).toBe(true);
  expect(isFresh(runFolder(rig.store.runsDir, 'none'))).toBe(false);
  await noteResumed(rig.store, detached, 'r2');
  await noteResumed(rig.store, detached, 'r3');
  expect(await Promise.all(folders.map(resumedBy))).toEqual(['r2', 'r3', undefined]);
});

it('a driver that is to be begun anew leaves what waits in the queue in its place', async () => {
  await using rig = await openRig();
  const queue = new SmallQueue();
  queue.isFull = true;
  const sketch = { tasks: { a: { options: { text: 'a', script: '' } } } };
  const leave = new AbortController();
  const first = rig.run(sketch, { ...through(queue), leaveSignal: leave.signal });
  await expect.poll(() => queue.submissions.length, { timeout: 60_000 }).toBe(1);
  leave.abort();
  expect((await first).outcome).toBe('interrupted');
  const second = await rig.run(sketch, {
    ...through(queue),
    onEvent: ({ kind }) => {
      if (kind === 'warning') queue.release();
    },
  });
  expect(second.outcome).toBe('done');
  expect(queue.submissions).toHaveLength(1);
});

it('a driver that is to be begun anew leaves its jobs alone, and its successor takes them on', async () => {
  await using rig = await openRig();
  const queue = new SmallQueue();
  await rig.script('slow', [
    { do: 'mark', file: 'begun', line: 'once' },
    { do: 'await', file: 'go' },
    { do: 'write', text: 'made' },
  ]);
  const sketch = { tasks: { a: { options: { text: 'a', script: 'slow' } } } };
  await mkdir(runFolder(rig.store.runsDir, 'r1').dir);
  const detached = { run: 'r1', job: { cluster: 'small', id: '7', user: 1 } };
  const leave = new AbortController();
  const first = await rig.run(sketch, {
    ...{ ...through(queue), detached, leaveSignal: leave.signal },
    onEvent: ({ kind }) => {
      if (kind === 'task-started') leave.abort();
    },
  });
  expect([first.run, first.outcome]).toEqual(['r1', 'interrupted']);
  const second = await rig.run(sketch, {
    ...{ ...through(queue), detached },
    onEvent: ({ kind }) => {
      if (kind === 'task-started') void rig.script('go', []);
    },
  });
  expect(second.outcome).toBe('done');
  expect(queue.submissions).toHaveLength(1);
  expect(await rig.lines('begun')).toEqual(['once']);
  expect(await resumedBy(runFolder(rig.store.runsDir, 'r1'))).toBe(second.run);
});
