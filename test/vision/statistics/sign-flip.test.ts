import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';
import { signFlipTest } from '../../../vision/statistics/sign-flip.ts';

describe('signFlipTest', () => {
  it('finds what counting all signs finds', () => {
    const test = signFlipTest();
    // Of 2^6 patterns two are as far out as six equal signs.
    expect(test([1, 1, 1, 1, 1, 1])).toBe(2 / 64);
    // |1 + 2 - 3| = 0: every pattern is as far.
    expect(test([1, 2, -3])).toBe(1);
    // Of the 8 patterns of 1, 2, 4, those two that add all are as far as 7; those of at least 5 are four.
    expect(test([1, 2, 4])).toBe(2 / 8);
    expect(test([-1, 2, 4])).toBe(4 / 8);
    // Drawn patterns say nearly the same.
    expect(signFlipTest({ flips: 60 })([1, 1, 1, 1, 1, 1])).toBeLessThan(0.15);
  });

  it('has no p for no values, and 1 where nothing differs', () => {
    expect(signFlipTest()([])).toBeUndefined();
    expect(signFlipTest()([0, 0, 0])).toBe(1);
  });

  it('never claims more than so few units can show', () => {
    for (let units = 1; units < 13; units++)
      expect(signFlipTest()(Array<number>(units).fill(1))).toBe(2 ** (1 - units));
  });

  it('is wrong about as often as it says, on data of no difference', () => {
    const test = signFlipTest({ flips: 1000 });
    let found = 0;
    for (let trial = 0; trial < 400; trial++) {
      const random = randomFrom(17, trial);
      // Skewed values: no normal distribution is assumed.
      const differences = Array.from({ length: 30 }, () => random.uniform() ** 3 - random.uniform() ** 3);
      if (test(differences)! <= 0.1) found += 1;
    }
    expect(found / 400).toBeGreaterThan(0.06);
    expect(found / 400).toBeLessThan(0.14);
  });

  it('is normal for many units, and joins what the draws say for fewer', () => {
    const random = randomFrom(4);
    const drawn = Array.from({ length: 1000 }, () => random.normal() + 0.09);
    const test = signFlipTest({ flips: 3000 });
    const [fewer, many] = [test(drawn)!, test([...drawn, 1e-9])!];
    expect(fewer).toBeGreaterThan(0.01);
    expect(fewer).toBeLessThan(0.2);
    expect(Math.abs(many - fewer)).toBeLessThan(0.015);
    // Two standard deviations of a sum of 10,000 equal values: 2 * (1 - Phi(2)) = 0.0455.
    const two = Array.from({ length: 10_000 }, (_, i) => (i < 5_100 ? 1 : -1));
    expect(signFlipTest()(two)).toBeCloseTo(0.0455, 4);
    const sure = signFlipTest()(Array<number>(2000).fill(1))!;
    expect(sure).toBeGreaterThan(0);
    expect(sure).toBeLessThan(1e-100);
  });

  it('turns whole clusters: two values of one image are one piece of evidence', () => {
    const values = Array<number>(12).fill(1);
    const images = values.map((_, i) => `image ${Math.floor(i / 2)}`);
    expect(signFlipTest()(values, images)).toBe(2 / 64);
    expect(signFlipTest()(values)).toBeLessThan(0.002);
  });
});
