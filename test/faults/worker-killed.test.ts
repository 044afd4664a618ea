import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import type { Finished, Started } from '../support/command.ts';
import { lives, signal } from './processes.ts';
import { eventsOf, failuresOf, openRig, storeAt } from './rig.ts';
import type { Rig } from './rig.ts';
import { firstTime } from './study.ts';

const minutes = 60_000;
let rig: Rig;
beforeEach(async () => {
  rig = await openRig('', { isShared: () => true });
});
afterEach(() => rig[Symbol.asyncDispose]());

/** How a run says it ended. */
function endOf(ended: Finished): RunEvent | undefined {
  return eventsOf(ended).findLast((event) => event.kind === 'run-finished');
}

/** The worker that runs a task for the first time, and the program, once that does what it does then. */
async function workerOf(run: Started, task: string): Promise<{ worker: number; program: number }> {
  const line = await run.line(
    (each) => each.startsWith('{"kind":"task-started"') && each.includes(`"${task}"`),
  );
  return { worker: (JSON.parse(line) as { pid: number }).pid, program: await rig.began(`first-${task}`) };
}

describe('kill -9 of a worker', () => {
  it(
    'its program ends with it, the task is tried again, and nothing else is',
    async () => {
      await rig.place({ before: { s00: firstTime('s00', 'setsid sleep 1000 & sleep 1000') } });
      const run = rig.start('store');
      const { worker, program } = await workerOf(run, 's00');
      signal(worker, 'SIGKILL');
      const ended = await run.finished;
      expect(await rig.problems('store', ended)).toEqual([]);
      expect(failuresOf(ended)).toMatchObject([
        { task: 's00', attempt: 1, willRetry: true, failure: { class: 'lost', signal: 'SIGKILL' } },
      ]);
      expect(lives(program)).toBe(false);
      expect(await rig.quiet()).toEqual([]);
      const executions = await rig.executions();
      expect([...executions].filter(([, count]) => count !== 1)).toEqual([['s00', 2]]);
    },
    5 * minutes,
  );

  it(
    'again and again by one task: it fails after three, which costs the others nothing',
    async () => {
      await rig.place({ before: { s00: 'kill -9 $PPID; sleep 1000' } });
      const ended = await rig.run('store');
      expect(ended.code, ended.stderr).toBe(1);
      expect(
        failuresOf(ended).map(({ task, willRetry, failure }) => [task, failure.class, willRetry]),
      ).toEqual([
        ['s00', 'lost', true],
        ['s00', 'lost', true],
        ['s00', 'lost', false],
      ]);
      expect(endOf(ended)).toMatchObject({ counts: { done: 38, failed: 1, blocked: 2 } });
      expect(await rig.quiet()).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'by different tasks on one slot: the slot is left out, and without another the run ends as the machine’s fault',
    async () => {
      const before = { s00: 'kill -9 $PPID; sleep 1000', s01: 'kill -9 $PPID; sleep 1000' };
      const fields = { s00: 'resources: { slots: 1 }', s01: 'resources: { slots: 1 }' };
      await rig.place({ before, fields });
      const ended = await rig.run('store', ['--slots', 'cpu:1', '--backend', 'cpu']);
      expect(ended.code, ended.stderr).toBe(3);
      expect(eventsOf(ended)).toContainEqual(
        expect.objectContaining({ kind: 'slot-quarantined', slot: 'cpu:0' }),
      );
      expect(failuresOf(ended).at(-1)?.failure).toMatchObject({
        class: 'machine',
        message: expect.stringContaining('cpu:0 is quarantined') as string,
      });
      expect(await rig.quiet()).toEqual([]);
    },
    5 * minutes,
  );
});

describe('a task that hangs', () => {
  it(
    'with its worker, by its program, or in a loop: named, ended with all it has started, tried again where the study says so',
    async () => {
      await rig.place({
        before: {
          s00: firstTime('s00', 'sleep 1000'),
          s01: 'kill -STOP $$',
          s02: 'while :; do :; done',
        },
        // Long enough that a busy machine looks at everybody in time.
        fields: { s00: 'stall: 15s, retries: 1', s01: 'stall: 15s', s02: 'stall: 15s, timeout: 20s' },
      });
      const run = rig.start('store');
      const { worker } = await workerOf(run, 's00');
      signal(worker, 'SIGSTOP');
      const ended = await run.finished;
      expect(ended.code, ended.stderr).toBe(1);
      const failures = failuresOf(ended).map(({ task, willRetry, failure }) => [
        task,
        failure.class,
        willRetry,
      ]);
      expect(failures.toSorted()).toEqual([
        ['s00', 'stall', true],
        ['s01', 'stall', false],
        ['s02', 'timeout', false],
      ]);
      expect(endOf(ended)).toMatchObject({ counts: { done: 36, failed: 2, blocked: 3 } });
      expect(await rig.quiet()).toEqual([]);
    },
    5 * minutes,
  );
});

describe('a task that leaks', () => {
  it(
    'up to the memory that the study gives it: ended, and named with its peak',
    async () => {
      // `tail` keeps what has no line end, and `sleep` never takes it.
      const leak = 'head -c 400000000 /dev/zero | tail | sleep 1000';
      await rig.place({ before: { s00: leak }, fields: { s00: 'resources: { memory: 200MB }' } });
      const ended = await rig.run('store');
      expect(ended.code, ended.stderr).toBe(1);
      const [failed, ...others] = failuresOf(ended);
      expect(others).toEqual([]);
      expect(failed).toMatchObject({ task: 's00', willRetry: false, failure: { class: 'out-of-memory' } });
      expect(failed?.failure).toHaveProperty(
        'message',
        expect.stringMatching(/held \d+ MB, .* allow 200 MB/),
      );
      const peak = failed?.failure.class === 'out-of-memory' ? failed.failure.peakBytes : 0;
      expect(peak).toBeGreaterThan(200e6);
      expect(peak).toBeLessThan(500e6);
      expect(await rig.quiet()).toEqual([]);
    },
    5 * minutes,
  );
});

describe('a task that does not make what it promised', () => {
  it(
    'fails as itself, is not tried again, and nothing of its half output is ever seen',
    async () => {
      await rig.place({
        before: { s00: 'exit 0', s01: 'echo half > out.txt; exit 1', s02: 'mkdir out.txt; exit 0' },
      });
      const ended = await rig.run('store');
      expect(ended.code, ended.stderr).toBe(1);
      const failures = failuresOf(ended);
      expect(
        failures.map(({ task, willRetry, failure }) => [task, failure.class, willRetry]).toSorted(),
      ).toEqual([
        ['s00', 'task', false],
        ['s01', 'task', false],
        ['s02', 'task', false],
      ]);
      expect(failures.find(({ task }) => task === 's00')?.failure.message).toContain(
        "did not write 'out.txt'",
      );
      const executions = await rig.executions();
      expect(['s00', 's01', 's02', 'm00', 'm01', 'sum'].map((task) => executions.get(task) ?? 0)).toEqual([
        1, 1, 1, 0, 0, 0,
      ]);
      const store = await storeAt(`${rig.dir}/store`);
      expect((await store.blobs.read(digestOf('half\n'))).kind).toBe('absent');
      let results = 0;
      for await (const _ of store.actions.list()) results++;
      expect(results).toBe(34);
      expect(await readdir(`${rig.dir}/store/work`)).toEqual([]);
    },
    5 * minutes,
  );
});
