import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { after, inPublication, killAndRerun } from './kill-at.ts';
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
  // But for the one that is killed before there is a store.
  rig = await openRig('', { isShared: (cache) => !cache.startsWith('store.json') });
  undisturbed = await runUndisturbed(rig);
}, 5 * minutes);

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
    10 * minutes,
  );

  it.each([
    ['a blob', 'tmp'],
    ['a result', 'ac'],
    ['a claim', 'claims'],
    ['the store', 'store.json'],
  ] as const)(
    'while %s is being published',
    async (what, place) => {
      for (const time of what === 'the store' ? [1] : [1, 4 + Math.floor(chance.next() * 10)]) {
        const cache = `${place}-${time}`;
        const moment = inPublication(what, time);
        const { problems, unfinished } = await killAndRerun({ rig, keys: undisturbed.keys, cache, moment });
        expect(problems).toEqual([]);
        expect(unfinished.filter((name) => name.startsWith(place))).not.toEqual([]);
      }
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
    5 * minutes,
  );
});
