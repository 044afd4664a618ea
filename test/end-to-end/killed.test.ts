import { readdirSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finished } from '../support/command.ts';
import { startSweetspot, sweetspot, temporaryFolder } from '../support/command.ts';
import { killAll, processesIn } from '../faults/processes.ts';
import { eventsOf, hasProgressed, outputsOf, placeMiniStudy, tasksWith } from './runs.ts';

const minutes = 60_000;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let uninterrupted: Finished;

beforeAll(async () => {
  folder = await temporaryFolder();
  await placeMiniStudy(folder.path);
  uninterrupted = await sweetspot(['run', 'mini.yaml', '--json', '--cache', 'undisturbed'], {
    cwd: folder.path,
  });
}, 5 * minutes);

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

describe('a run that nothing disturbs', () => {
  it('ends with its report', async () => {
    expect(uninterrupted.code, uninterrupted.stderr).toBe(0);
    expect(outputsOf(uninterrupted.stdout).size).toBe(10);
    expect(await readFile(join(folder.path, 'out/mini/report.html'), 'utf8')).toContain('Mini');
  });

  it('finds everything the second time', async () => {
    const again = await sweetspot(['run', 'mini.yaml', '--json', '--cache', 'undisturbed'], {
      cwd: folder.path,
    });
    expect([
      again.code,
      tasksWith(again.stdout, 'task-cached').length,
      tasksWith(again.stdout, 'task-started'),
    ]).toEqual([0, 10, []]);
  });
});

/** Folders in which a snapshot is being written. */
function unfinishedSnapshots(partial: string): readonly string[] {
  try {
    return readdirSync(partial, { recursive: true })
      .map(String)
      .filter((name) => /^[^/]+\/tmp-[^/]+$/.test(name));
  } catch {
    return [];
  }
}

/** Images of the study's training set: so many done is an epoch done, and snapshotted. */
const epochImages = 96;

/** Runs until `task` is in its second epoch, and returns the process and the pid of the task's worker. */
async function untilTraining(task: string, cache: string) {
  const run = startSweetspot(['run', 'mini.yaml', '--json', '--cache', cache], { cwd: folder.path });
  await run.line((line) => hasProgressed(line, task, epochImages + 1));
  const started = await run.line(
    (line) => line.includes('"kind":"task-started"') && line.includes(`"task":"${task}"`),
  );
  return { run, workerPid: (JSON.parse(started) as { readonly pid: number }).pid };
}

/** Runs until a snapshot is seen to be unfinished in the dense model's training, and kills every process at once. */
async function killAtSnapshot(cache: string, partial: string): Promise<void> {
  const run = startSweetspot(['run', 'mini.yaml', '--json', '--cache', cache], { cwd: folder.path });
  await run.line((line) => hasProgressed(line, 'dense', epochImages + 1));
  const processes = processesIn(await realpath(folder.path));
  const watch = { ended: false };
  void run.finished.then(() => (watch.ended = true));
  while (!watch.ended && unfinishedSnapshots(partial).length === 0) await new Promise(setImmediate);
  killAll(processes);
  expect((await run.finished).signal).toBe('SIGKILL');
}

describe('kill -9', () => {
  it(
    'of the driver while the pruned model trains: a plain re-run ends in the same bytes and redoes nothing finished',
    async () => {
      const { run } = await untilTraining('retrain', 'driver-killed');
      run.child.kill('SIGKILL');
      const killed = await run.finished;
      const rerun = await sweetspot(['run', 'mini.yaml', '--json', '--cache', 'driver-killed'], {
        cwd: folder.path,
      });
      expect(rerun.code, rerun.stderr).toBe(0);
      expect(outputsOf(rerun.stdout)).toEqual(outputsOf(uninterrupted.stdout));
      const finished = tasksWith(killed.stdout, 'task-done');
      expect(finished).toContain('dense');
      const redone = tasksWith(rerun.stdout, 'task-started').filter((task) => finished.includes(task));
      expect(redone).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'of every process while a snapshot is being written: a plain re-run ends in the same bytes',
    async () => {
      const cache = 'snapshot-killed';
      const partial = join(folder.path, cache, 'partial');
      // On a busy machine a snapshot can be complete before the kill arrives: the training then goes on, to be killed at a later one.
      do await killAtSnapshot(cache, partial);
      while (unfinishedSnapshots(partial).length === 0);
      const rerun = await sweetspot(['run', 'mini.yaml', '--json', '--cache', 'snapshot-killed'], {
        cwd: folder.path,
      });
      expect(rerun.code, rerun.stderr).toBe(0);
      // From the snapshot before.
      expect(eventsOf(rerun.stdout)).toContainEqual(
        expect.objectContaining({ kind: 'task-started', resumed: true }),
      );
      expect(outputsOf(rerun.stdout)).toEqual(outputsOf(uninterrupted.stdout));
    },
    5 * minutes,
  );

  it(
    'of the training worker: the task is tried again from its snapshot and ends in the same bytes',
    async () => {
      const { run, workerPid } = await untilTraining('dense', 'worker-killed');
      process.kill(workerPid, 'SIGKILL');
      const ended = await run.finished;
      expect(ended.code, ended.stderr).toBe(0);
      expect(outputsOf(ended.stdout)).toEqual(outputsOf(uninterrupted.stdout));
      const failures = eventsOf(ended.stdout).filter((event) => event.kind === 'task-failed');
      expect(failures.map((event) => [event.task, event.failure.class, event.willRetry])).toEqual([
        ['dense', 'lost', true],
      ]);
      expect(eventsOf(ended.stdout)).toContainEqual(
        expect.objectContaining({ kind: 'task-started', task: 'dense', attempt: 2, resumed: true }),
      );
    },
    5 * minutes,
  );
});

describe('Ctrl-C twice', () => {
  it(
    'stops the training with a snapshot, exits 130, and a plain re-run goes on to the same bytes',
    async () => {
      const { run } = await untilTraining('dense', 'interrupted');
      run.child.kill('SIGINT');
      await run.line((line) => line.includes('"kind":"draining"'));
      run.child.kill('SIGINT');
      expect((await run.finished).code).toBe(130);
      const rerun = await sweetspot(['run', 'mini.yaml', '--json', '--cache', 'interrupted'], {
        cwd: folder.path,
      });
      expect(rerun.code, rerun.stderr).toBe(0);
      expect(eventsOf(rerun.stdout)).toContainEqual(
        expect.objectContaining({ kind: 'task-started', task: 'dense', resumed: true }),
      );
      expect(outputsOf(rerun.stdout)).toEqual(outputsOf(uninterrupted.stdout));
    },
    5 * minutes,
  );
});
