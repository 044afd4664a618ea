import { seeded } from '../test/faults/seed.ts';
import {
  atShare,
  killedModels,
  openTrainingRig,
  trainKilled,
  trainUndisturbed,
} from '../test/faults/training-rig.ts';
import { isDeepStrictEqual } from 'node:util';

/**
 * Kills the training of a small model of each family at random moments and runs it again: as many moments a model as said,
 * where CI has two.
 * Use: npm run bench:kill-training [-- 10]
 */
const times = Number(process.argv[2] ?? 10);
const chance = seeded();
console.log(`SWEETSPOT_FAULT_SEED=${chance.seed}\n`);
console.log('| model | undisturbed | killed | before its end | went on from a snapshot | other bytes |');
console.log('|---|---|---|---|---|---|');
let wrong = 0;
for (const model of Object.keys(killedModels)) wrong += await attack(model);
process.exitCode = wrong === 0 ? 0 : 1;

/** One after the other over the whole run, each somewhere in its share. */
async function attack(model: string): Promise<number> {
  await using rig = await openTrainingRig(model);
  const undisturbed = await trainUndisturbed(rig);
  let [kills, resumed, differing] = [0, 0, 0];
  for (let number = 0; number < times; number += 1) {
    const moment = atShare((number + chance.next()) / times, undisturbed);
    const killed = await trainKilled(rig, { cache: `killed-${number}`, moments: [moment] });
    kills += killed.kills;
    resumed += killed.resumed ? 1 : 0;
    if (killed.last.code === 0 && isDeepStrictEqual(killed.outputs, undisturbed.outputs)) continue;
    differing += 1;
    console.error(`${model}, moment ${number}: exit ${String(killed.last.code)}\n${killed.last.stderr}`);
  }
  const seconds = (undisturbed.durationMs / 1000).toFixed(1);
  console.log(`| ${model} | ${seconds} s | ${times} times | ${kills} | ${resumed} | ${differing} |`);
  return differing;
}
