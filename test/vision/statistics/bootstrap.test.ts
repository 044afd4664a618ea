import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from '../../../vision/statistics/bootstrap.ts';
import { mean, quantileOfSorted, sampleDeviation } from '../../../vision/statistics/mean-and-spread.ts';
import { randomFrom } from '../../../vision/random/random.ts';

describe('bootstrapInterval', () => {
  it('is about 1.96 standard errors wide on either side', () => {
    const random = randomFrom(3);
    const values = Array.from({ length: 400 }, () => random.normal());
    const interval = bootstrapInterval(values, { resamples: 4000 })!;
    const standardError = sampleDeviation(values)! / 20;
    expect((interval.high - interval.mean) / standardError).toBeCloseTo(1.96, 0);
    expect((interval.mean - interval.low) / standardError).toBeCloseTo(1.96, 0);
  });

  it('covers the true mean about as often as it says', () => {
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const random = randomFrom(1000 + trial);
      const values = Array.from({ length: 60 }, () => random.uniform());
      const interval = bootstrapInterval(values, { resamples: 400, confidence: 0.9, seed: trial })!;
      if (interval.low <= 0.5 && 0.5 <= interval.high) covered++;
    }
    expect(covered).toBeGreaterThan(165);
    expect(covered).toBeLessThan(195);
  });

  it('has no interval for no values, and a point for one', () => {
    expect(bootstrapInterval([])).toBeUndefined();
    expect(bootstrapInterval([2])).toEqual({ mean: 2, low: 2, high: 2 });
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
