import { after, inPublication, killAndRerun } from '../test/faults/kill-at.ts';
import type { KilledRun, Moment } from '../test/faults/kill-at.ts';
import { openRig, runUndisturbed } from '../test/faults/rig.ts';
import { seeded } from '../test/faults/seed.ts';

/**
 * Kills every process of a run at random moments and runs it again, many times over: 200 where CI has 20.
 * Use: npm run bench:kill [-- 200 [20]]     random moments, moments in each kind of publication
 */
const randomMoments = Number(process.argv[2] ?? 200);
const aimedMoments = Number(process.argv[3] ?? 20);
const chance = seeded();

await using rig = await openRig();
const { keys, durationMs } = await runUndisturbed(rig);
console.log(`undisturbed: 41 tasks in ${Math.round(durationMs)} ms; SWEETSPOT_FAULT_SEED=${chance.seed}\n`);
console.log(
  '| killed | times | while something was written | results that stood | executed again | went wrong |',
);
console.log('|---|---|---|---|---|---|');
let wrong = await attack('at random', randomMoments, (share) => after(share * durationMs));
for (const what of ['a blob', 'a result', 'a claim'] as const) {
  // Somewhere in the run: each of two workers publishes about twenty times as many.
  wrong += await attack(`while ${what} is published`, aimedMoments, (share) =>
    inPublication(what, 1 + Math.floor(share * 18)),
  );
}
process.exitCode = wrong === 0 ? 0 : 1;

async function attack(name: string, times: number, momentOf: (share: number) => Moment): Promise<number> {
  const killed: KilledRun[] = [];
  for (let number = 0; number < times; number++) {
    const moment = momentOf((number + chance.next()) / times);
    const one = await killAndRerun({ rig, keys, cache: `${name.replace(/\W+/g, '-')}-${number}`, moment });
    killed.push(one);
    for (const problem of one.problems)
      console.error(`${name}, after ${Math.round(one.atMs)} ms: ${problem}`);
  }
  const stood = killed.map(({ finished }) => finished);
  const again = killed.map(({ executed }) => executed);
  const writing = killed.filter(({ unfinished }) => unfinished.length > 0).length;
  const wrong = killed.filter(({ problems }) => problems.length > 0).length;
  console.log(`| ${[name, times, writing, spread(stood), spread(again), wrong].join(' | ')} |`);
  return wrong;
}

/** Least, median and most. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].join(', ');
}
