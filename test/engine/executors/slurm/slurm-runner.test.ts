import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobBook, readBook } from '../../../../engine/executors/slurm/job-book.ts';
import { slurmDir } from '../../../../engine/executors/slurm/batch-files.ts';
import { runFolder } from '../../../../engine/run/run-folder.ts';
import type { RunOptions } from '../../../../engine/run/run-options.ts';
import { openRig } from '../../support/rig.ts';
import { fileAppears } from '../../support/scripted-kinds.ts';
import { SmallQueue } from './small-queue.ts';
import { through } from './through.ts';

const note = (text: string): { readonly options: { readonly text: string; readonly script: string } } => ({
  options: { text, script: '' },
});

describe('tasks as jobs of a queue', () => {
  it.concurrent(
    'are submitted as few arrays, computed by workers without a driver, and cached the next time',
    async () => {
      await using rig = await openRig();
      const queue = new SmallQueue();
      await rig.script('shout', [{ do: 'shout' }]);
      const c = { options: { text: '', script: 'shout' }, inputs: { all: ['a.out', 'b.out'] } };
      const sketch = { tasks: { a: note('a'), b: note('b'), c } };
      const ran = await rig.run(sketch, through(queue));
      expect(ran.outcome).toBe('done');
      expect(await ran.text('a')).toBe('a');
      expect(queue.submissions.map((options) => options.find((each) => each.startsWith('--array')))).toEqual([
        '--array=0-1',
        '--array=0-0',
      ]);
      expect(ran.kinds('a')).toEqual(['task-keyed', 'task-started', 'task-done']);
      const places = ran.events.flatMap((event) => (event.kind === 'task-started' ? [event] : []));
      for (const { slot, pid, job } of places) {
        expect(pid).toBeGreaterThan(1);
        expect(job).toEqual({ id: slot.replace('slurm:', ''), host: hostname(), deviceClass: 'cpu-t1' });
      }
      const booked = await readBook(slurmDir(runFolder(rig.store.runsDir, ran.run)));
      expect(booked.map(({ jobId, elements }) => [jobId, elements.length])).toEqual([
        ['1', 2],
        ['2', 1],
      ]);
      expect((await rig.run(sketch, through(queue))).counts.cached).toBe(3);
      expect(queue.submissions).toHaveLength(2);
    },
  );

  it.concurrent('are not submitted twice when the answer to a submission gets lost', async () => {
    await using rig = await openRig();
    const queue = new SmallQueue();
    queue.refusals.push({ words: 'Socket timed out', lost: true });
    const ran = await rig.run({ tasks: { a: note('a') } }, through(queue));
    expect(ran.outcome).toBe('done');
    expect(queue.submissions).toHaveLength(1);
    expect(ran.events.filter(({ kind }) => kind === 'warning')).toMatchObject([
      { message: 'Slurm takes no jobs (Socket timed out); trying again in 2 s' },
    ]);
  });

  it.concurrent('are lost, tried again and given up when their jobs end and are forgotten', async () => {
    await using rig = await openRig();
    const queue = new SmallQueue();
    queue.forgets = true;
    await rig.script('dies', [{ do: 'kill-self' }]);
    const ran = await rig.run({ tasks: { a: { options: { text: 'a', script: 'dies' } } } }, through(queue));
    expect(ran.failure('a')).toMatchObject({ class: 'lost' });
    expect(ran.kinds('a').filter((kind) => kind === 'task-failed')).toHaveLength(3);
  });

  it.concurrent(
    'go on from their snapshots when the queue ends their jobs, at no cost of a retry',
    async () => {
      await using rig = await openRig();
      const queue = new SmallQueue();
      queue.endState = 'PREEMPTED';
      await rig.script('count', [{ do: 'count', to: 10, pauseAt: 4, file: 'go' }]);
      void fileAppears(join(rig.studyDir, 'saved')).then(() => queue.end('1_0', 'SIGTERM'));
      const ran = await rig.run({ tasks: { a: { options: { text: '', script: 'count' } } } }, through(queue));
      expect(ran.outcome).toBe('done');
      expect(queue.submissions).toHaveLength(2);
      expect(await ran.text('a')).toBe('10');
      expect(await rig.lines('began')).toEqual(['4.5']);
    },
  );

  it.concurrent('are waited for where an earlier run has submitted them', async () => {
    await using rig = await openRig();
    const queue = new SmallQueue();
    await rig.script('slow', [
      { do: 'await', file: 'go' },
      { do: 'write', text: 'once' },
    ]);
    const sketch = { tasks: { a: { options: { text: 'a', script: 'slow' } } } };
    let first: Promise<unknown> = Promise.resolve();
    await new Promise<void>((begun) => {
      const onEvent: RunOptions['onEvent'] = (event) => {
        if (event.kind === 'task-started') begun();
      };
      first = rig.run(sketch, { ...through(queue), onEvent });
    });
    const second = await rig.run(sketch, {
      ...through(queue),
      onEvent: (event) => {
        if (event.kind === 'task-started') void writeFile(join(rig.studyDir, 'go'), '');
      },
    });
    expect(second.outcome).toBe('done');
    await first;
    expect(await second.text('a')).toBe('once');
    expect(queue.submissions).toHaveLength(1);
  });
});

describe('the book of jobs', () => {
  it.concurrent('says what was submitted, and what may have been', async () => {
    await using rig = await openRig();
    const dir = `${rig.studyDir}/book`;
    expect(await readBook(dir)).toEqual([]);
    {
      await using book = await JobBook.open(dir, 'umask');
      await book.submitting({ batch: '1', elements: [], isGuessed: false });
      await book.submitted('1', '77');
      await book.submitting({ batch: '2', elements: [], isGuessed: false });
    }
    expect(await readBook(dir)).toEqual([
      { batch: '1', elements: [], isGuessed: false, jobId: '77' },
      { batch: '2', elements: [], isGuessed: false, jobId: undefined },
    ]);
  });
});
