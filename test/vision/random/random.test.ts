import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';

const draws = (keys: number[], count: number): number[] => {
  const random = randomFrom(...keys);
  return Array.from({ length: count }, () => random.uniform());
};

describe('randomFrom', () => {
  it('depends on the keys alone, on their order and on their number', () => {
    expect(draws([1, 2, 3], 5)).toEqual(draws([1, 2, 3], 5));
    const streams = [[1, 2, 3], [3, 2, 1], [1, 2], [1, 2, 0], [-1, 2, 3], [1 + 2 ** 32, 2, 3], [0], [0, 0]];
    expect(new Set(streams.map((keys) => draws(keys, 2).join())).size).toBe(streams.length);
  });

  it('splits without regard to what was drawn before', () => {
    const fresh = randomFrom(7);
    const used = randomFrom(7);
    used.uniform();
    expect(used.split(4).uniform()).toBe(fresh.split(4).uniform());
    expect(fresh.split(4).uniform()).toBe(randomFrom(7, 4).uniform());
  });

  it('is uniform in [0, 1), also across the first draws of neighbouring keys', () => {
    for (const sample of [
      draws([5], 20_000),
      Array.from({ length: 20_000 }, (_, i) => randomFrom(5, i).uniform()),
    ]) {
      expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...sample)).toBeLessThan(1);
      const cells = new Array<number>(20).fill(0);
      for (const value of sample) cells[Math.floor(value * 20)]! += 1;
      const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      // 19 degrees of freedom: 43.8 is exceeded once in a thousand.
      expect(chiSquare).toBeLessThan(43.8);
    }
  });

  it('draws normal values of mean 0 and variance 1', () => {
    const random = randomFrom(11);
    const sample = Array.from({ length: 40_000 }, () => random.normal());
    const mean = sample.reduce((a, b) => a + b) / sample.length;
    const variance = sample.reduce((sum, x) => sum + x * x, 0) / sample.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });

  it('shuffles to permutations, each about as often', () => {
    const counts = new Map<string, number>();
    for (let key = 0; key < 6000; key += 1) {
      const order = randomFrom(3, key).permutation(3).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
    expect([...randomFrom(1).permutation(100)].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
  });

  it('refuses keys and bounds that are not whole numbers', () => {
    expect(() => randomFrom(0.5)).toThrow('whole number');
    expect(() => randomFrom()).toThrow('at least one key');
    expect(() => randomFrom(1).integer(0)).toThrow('not a bound');
  });
});
