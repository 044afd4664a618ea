import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, inCreation, inPublication, killAndRerun } from './kill-at.ts';
import { killAll } from './processes.ts';
import { openRig, runUndisturbed } from './rig.ts';
import type { Rig, Undisturbed } from './rig.ts';
import { seeded } from './seed.ts';

const moments = 20;
const minutes = 60_000;
const chance = seeded();
let rig: Rig;
let undisturbed: Undisturbed;

beforeAll(async () => {
  rig = await openRig();
  undisturbed = await runUndisturbed(rig);
}, 2 * minutes);

afterAll(() => rig[Symbol.asyncDispose]());

describe(`kill -9 of every process of a run (SWEETSPOT_FAULT_SEED=${chance.seed})`, () => {
  it(
    `at ${moments} random moments: a plain re-run does what was not finished, once, and nothing else`,
    async () => {
      const problems: string[] = [];
      let redone = 0;
      for (let number = 0; number < moments; number++) {
        // One after the other over the whole run, each somewhere in its share.
        const atMs = ((number + chance.next()) / moments) * undisturbed.durationMs;
        const killed = await killAndRerun({
          rig,
          keys: undisturbed.keys,
          cache: `killed-${number}`,
          moment: after(atMs),
        });
        problems.push(
          ...killed.problems.map((problem) => `killed after ${Math.round(killed.atMs)} ms: ${problem}`),
        );
        redone += killed.executed;
      }
      expect(problems).toEqual([]);
      expect(redone).toBeGreaterThan(0);
    },
    5 * minutes,
  );

  it.each([
    ['something is being published in tmp/', 'tmp', inPublication('tmp')],
    ['something is being published in ac/', 'ac', inPublication('ac')],
    ['something is being published in claims/', 'claims', inPublication('claims')],
    ['the store itself is being made', 'store.json', inCreation],
  ] as const)(
    'while %s',
    async (_, place, moment) => {
      const problems: string[] = [];
      let hit = false;
      for (let number = 0; number < 10 && !hit; number++) {
        const cache = `aimed-${place}-${number}`;
        const killed = await killAndRerun({
          rig,
          keys: undisturbed.keys,
          cache,
          moment,
        });
        problems.push(...killed.problems);
        hit = killed.unfinished.some((name) => name.startsWith(place));
      }
      expect(problems).toEqual([]);
      expect(hit).toBe(true);
    },
    5 * minutes,
  );

  it(
    'but not of the programs of its tasks, which lead groups of their own: the re-run ends them before it goes on',
    async () => {
      const before = { s03: 'setsid sleep 1000 & sleep 1000' };
      await rig.place({ before });
      const run = rig.start('orphans');
      const program = await rig.began('s03');
      killAll(rig.processes().filter(({ what }) => what !== 'program'));
      await run.finished;
      expect(rig.processes()).toContainEqual({ pid: program, what: 'program' });
      await rig.place();
      const again = await rig.run('orphans');
      expect(await rig.problems('orphans', again)).toEqual([]);
      expect(await rig.quiet()).toEqual([]);
    },
    2 * minutes,
  );
});
