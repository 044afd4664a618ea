import { describe, expect, it } from 'vitest';
import { gamma, symmetricBeta } from '../../../vision/random/beta.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const many = 20_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: many }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / many;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many;
  return { mean, variance };
}

describe('gamma', () => {
  it.each([0.2, 0.8, 1, 3.5])('has the mean and the variance of its shape, %d', (shape) => {
    const random = randomFrom(3);
    const { mean, variance } = moments(() => gamma(random, shape));
    // Standard errors: sqrt(shape / n), and about shape sqrt((2 + 6 / shape) / n).
    expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / many));
    expect(Math.abs(variance - shape)).toBeLessThan(5 * shape * Math.sqrt((2 + 6 / shape) / many));
  });
});

describe('symmetricBeta', () => {
  it.each([0.2, 0.8, 1, 4])('has the mean 1/2 and the variance 1 / (8 alpha + 4) for alpha %d', (alpha) => {
    const random = randomFrom(4);
    const { mean, variance } = moments(() => symmetricBeta(random, alpha));
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(variance * (8 * alpha + 4) - 1)).toBeLessThan(0.06);
  });

  it('stays within 0 and 1 where both gamma variables are too small for a double', () => {
    const random = randomFrom(5);
    const draws = Array.from({ length: 200 }, () => symmetricBeta(random, 1e-4));
    expect(draws.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(new Set(draws.map((share) => Math.round(share)))).toEqual(new Set([0, 1]));
  });
});
