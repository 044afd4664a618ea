import { describe, expect, it } from 'vitest';
import { seeded } from './seed.ts';
import {
  afterSnapshots,
  killedModels,
  openTrainingRig,
  trainKilled,
  trainUndisturbed,
} from './training-rig.ts';

const minutes = 60_000;
const chance = seeded();

describe(`a training that is killed twice (SWEETSPOT_FAULT_SEED=${chance.seed})`, () => {
  it.each(Object.keys(killedModels))(
    '%s: a plain re-run goes on each time, and ends in the same bytes',
    async (model) => {
      await using rig = await openTrainingRig(model);
      const { outputs, epochMs } = await trainUndisturbed(rig);
      // Within an epoch of the snapshot, of six: the training is still under way.
      const moments = [0, 1].map(() => afterSnapshots(1, chance.next() * epochMs));
      const killed = await trainKilled(rig, { cache: 'killed', moments });
      expect(killed.last.code, killed.last.stderr).toBe(0);
      expect([killed.kills, killed.resumed]).toEqual([2, true]);
      expect(killed.outputs).toEqual(outputs);
    },
    5 * minutes,
  );
});
