import { readdirSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finished, Started } from '../support/command.ts';
import { startSweetspot, sweetspot, temporaryFolder } from '../support/command.ts';
import { holdAtSnapshot } from '../faults/held-training.ts';
import type { HeldTraining } from '../faults/held-training.ts';
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

function start(cache: string, env: NodeJS.ProcessEnv, format = '--json'): Started {
  return startSweetspot(['run', 'mini.yaml', format, '--cache', cache], { cwd: folder.path, env });
}

/** Held as its dense model is about to have its second snapshot. */
function holdIn(cache: string): HeldTraining {
  return holdAtSnapshot(join(folder.path, cache), 2);
}

describe('kill -9', () => {
  it(
    'of the driver while the pruned model trains: a plain re-run ends in the same bytes and redoes nothing finished',
    async () => {
      const run = start('driver-killed', {});
      await run.line((line) => hasProgressed(line, 'retrain', epochImages + 1));
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
      const training = holdIn('snapshot-killed');
      const run = start('snapshot-killed', training.env);
      await training.held(run);
      killAll(processesIn(await realpath(folder.path)));
      expect((await run.finished).signal).toBe('SIGKILL');
      expect(unfinishedSnapshots(join(folder.path, 'snapshot-killed/partial'))).toHaveLength(1);
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
      const training = holdIn('worker-killed');
      const run = start('worker-killed', training.env);
      process.kill(await training.held(run), 'SIGKILL');
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
      const training = holdIn('interrupted');
      const run = start('interrupted', training.env, '--plain');
      const worker = await training.held(run);
      run.child.kill('SIGINT');
      await run.line((line) => line.startsWith('draining'));
      run.child.kill('SIGINT');
      await run.line((line) => line.startsWith('stopping'));
      process.kill(worker, 'SIGCONT');
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
