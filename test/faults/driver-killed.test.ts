import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lives, signal } from './processes.ts';
import { openRig, pause, runUndisturbed } from './rig.ts';
import type { Rig } from './rig.ts';
import { seeded } from './seed.ts';
import { allTasks, firstTime, untilGo } from './study.ts';

const moments = 5;
const minutes = 60_000;
const chance = seeded();
let rig: Rig;
beforeEach(async () => {
  rig = await openRig('', { isShared: () => true });
});
afterEach(() => rig[Symbol.asyncDispose]());

/** Tasks that were not executed exactly once, with how often they were. */
async function notOnce(): Promise<readonly (readonly [string, number])[]> {
  const executions = await rig.executions();
  return allTasks
    .map((task) => [task, executions.get(task) ?? 0] as const)
    .filter(([, count]) => count !== 1);
}

const isWaiting = (line: string): boolean => line.startsWith('{"kind":"task-waiting"');

describe(`kill -9 of the driver alone (SWEETSPOT_FAULT_SEED=${chance.seed})`, () => {
  it(
    'its workers end what they hold; a re-run waits for that, and executes nothing twice',
    async () => {
      await rig.place({ before: { s00: untilGo, s01: untilGo } });
      const run = rig.start('store');
      await rig.began('s00');
      run.child.kill('SIGKILL');
      const again = rig.start('store');
      await again.line(isWaiting);
      await rig.go();
      expect(await rig.problems('store', await again.finished)).toEqual([]);
      expect(await notOnce()).toEqual([]);
      expect(await rig.quiet()).toEqual([]);
    },
    5 * minutes,
  );

  it(
    `at ${moments} random moments, with a re-run at once`,
    async () => {
      const { durationMs } = await runUndisturbed(rig);
      for (let number = 0; number < moments; number++) {
        const run = rig.start(`store-${number}`);
        await pause(((number + chance.next()) / moments) * durationMs);
        run.child.kill('SIGKILL');
        const again = await rig.run(`store-${number}`);
        expect(await rig.problems(`store-${number}`, again)).toEqual([]);
        expect(await rig.quiet()).toEqual([]);
        expect(await notOnce()).toEqual([]);
      }
    },
    5 * minutes,
  );

  it(
    'and then of a worker that the re-run waits for: its program ends before the task is executed again',
    async () => {
      await rig.place({ before: { s00: firstTime('s00', 'setsid sleep 1000 & sleep 1000') } });
      const run = rig.start('store');
      const line = await run.line((each) => each.includes('"task-started"') && each.includes('"s00"'));
      const program = await rig.began('first-s00');
      run.child.kill('SIGKILL');
      const again = rig.start('store');
      await again.line(isWaiting);
      signal((JSON.parse(line) as { pid: number }).pid, 'SIGKILL');
      expect(await rig.problems('store', await again.finished)).toEqual([]);
      expect(lives(program)).toBe(false);
      expect(await notOnce()).toEqual([['s00', 2]]);
      expect(await rig.quiet()).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'the limits of tasks hold without it',
    async () => {
      await rig.place({ before: { s00: 'sleep 1000' }, fields: { s00: 'timeout: 5s' } });
      const run = rig.start('store', ['--only', 's00']);
      await rig.began('s00');
      run.child.kill('SIGKILL');
      expect(await rig.quiet()).toEqual([]);
    },
    5 * minutes,
  );
});
