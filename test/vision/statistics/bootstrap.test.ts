import { describe, expect, it } from 'vitest';
import { bootstrapIntervals } from '../../../vision/statistics/bootstrap.ts';
import { mean, quantileOfSorted, sampleDeviation } from '../../../vision/statistics/mean-and-spread.ts';
import { randomFrom } from '../../../vision/random/random.ts';

describe('bootstrapIntervals', () => {
  it('is about 1.96 standard errors wide on either side', () => {
    const random = randomFrom(3);
    const values = Array.from({ length: 400 }, () => random.normal());
    const interval = bootstrapIntervals({ resamples: 4000 })(values)!;
    const standardError = sampleDeviation(values)! / 20;
    expect((interval.high - interval.mean) / standardError).toBeCloseTo(1.96, 0);
    expect((interval.mean - interval.low) / standardError).toBeCloseTo(1.96, 0);
  });

  it('covers the true mean about as often as it says', () => {
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const random = randomFrom(1000 + trial);
      const values = Array.from({ length: 60 }, () => random.uniform());
      const interval = bootstrapIntervals({ resamples: 400, confidence: 0.9, seed: trial })(values)!;
      if (interval.low <= 0.5 && 0.5 <= interval.high) covered++;
    }
    expect(covered).toBeGreaterThan(165);
    expect(covered).toBeLessThan(195);
  });

  it('has no interval for no values, and a point for one', () => {
    expect(bootstrapIntervals()([])).toBeUndefined();
    expect(bootstrapIntervals()([2])).toEqual({ mean: 2, low: 2, high: 2 });
  });

  it('draws whole clusters: twins say no more than one of them', () => {
    const random = randomFrom(5);
    const single = Array.from({ length: 100 }, () => random.normal());
    const twins = single.flatMap((value) => [value, value]);
    const names = single.flatMap((_, i) => [`image ${i}`, `image ${i}`]);
    const intervalOf = bootstrapIntervals();
    const careless = intervalOf(twins)!;
    const careful = intervalOf(twins, names)!;
    for (const end of ['mean', 'low', 'high'] as const)
      expect(careful[end]).toBeCloseTo(intervalOf(single)![end], 12);
    expect(careful.high - careful.low).toBeGreaterThan(1.2 * (careless.high - careless.low));
  });

  it('weighs clusters by their values, as the mean over all values does', () => {
    const interval = bootstrapIntervals({ resamples: 200 })([0, 0, 0, 1], ['a', 'a', 'a', 'b'])!;
    expect(interval.mean).toBe(0.25);
    expect([interval.low, interval.high]).toEqual([0, 1]);
  });
});

describe('mean, spread and quantiles', () => {
  it('are the textbook ones', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean([])).toBeUndefined();
    expect(sampleDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(sampleDeviation([1])).toBeUndefined();
    expect(quantileOfSorted([0, 10, 20, 30], 0.25)).toBe(7.5);
  });
});
