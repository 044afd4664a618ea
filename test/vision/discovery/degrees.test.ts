import { beforeAll, describe, expect, it } from 'vitest';
import { affinityOf } from '../../../vision/discovery/affinity.ts';
import type { PatchFeatures } from '../../../vision/discovery/affinity.ts';
import { degreesOnBackend } from '../../../vision/discovery/degrees.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';

/** Small whole numbers: affinities are exact in float32 too. None is zero. */
function features(count: number, seed = 0): PatchFeatures {
  const random = randomFrom(count, seed);
  const size = 3;
  const data = Float32Array.from({ length: count * size }, () => 1 + random.integer(4));
  return { count, size, data: data.map((value) => (random.chance(0.5) ? value : -value)) };
}

describe('degreesOnBackend', () => {
  beforeAll(async () => {
    await useTestBackend();
  });

  it.each([1, 1024, 1025, 1536, 1700])('counts %i patches as float64 does', async (count) => {
    const patches = features(count);
    const before = tf.memory().numTensors;
    expect(await degreesOnBackend([patches])).toEqual([affinityOf(patches).degrees()]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('counts several maps apart, in as many passes as their pairs need', async () => {
    // Five maps of a thousand patches are more than go together.
    for (const count of [40, 1000]) {
      const maps = [1, 2, 3, 4, 5].map((seed) => features(count, seed));
      expect(await degreesOnBackend(maps)).toEqual(maps.map((map) => affinityOf(map).degrees()));
    }
    expect(await degreesOnBackend([])).toEqual([]);
  });

  it('never holds all pairs', async () => {
    const count = 6000;
    let degrees: readonly number[] = [];
    const { peakBytes } = await tf.profile(async () => {
      [degrees = []] = await degreesOnBackend([features(count)]);
      return tf.scalar(0);
    });
    expect(degrees).toHaveLength(count);
    // Half of the pairs would be 72 MB; a block of affinities, their signs and what is made of them are at most 37.
    expect(peakBytes).toBeLessThan(48e6);
    expect(peakBytes).toBeGreaterThan(10e6);
  });
});
