import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';
import { twoWayError } from '../../../vision/statistics/two-way-error.ts';
import type { TwoWayError } from '../../../vision/statistics/two-way-error.ts';
import { unitTable } from '../../../vision/statistics/unit-table.ts';

/** A table of runs by units with the given standard deviations. */
function table(
  trial: number,
  made: { runs: number; units: number; ofRun: number; ofUnit: number; noise: number },
): number[][] {
  const random = randomFrom(31, trial);
  const units = Array.from({ length: made.units }, () => made.ofUnit * random.normal());
  return Array.from({ length: made.runs }, () => {
    const run = made.ofRun * random.normal();
    return units.map((unit) => run + unit + made.noise * random.normal());
  });
}

describe('twoWayError', () => {
  it('is the analysis of variance that a hand computes', () => {
    // Means of runs 2 and 5, of units 2, 3 and 5.5; the rest is ±1/2, ∓1/2 and 0.
    const found = twoWayError([
      [1, 1, 4],
      [3, 5, 7],
    ]);
    expect(found.mean).toBe(3.5);
    expect(found.fromRuns).toBeCloseTo(4.5 / 2, 12);
    expect(found.fromUnits).toBeCloseTo((1.5 ** 2 + 0.5 ** 2 + 2 ** 2) / 6, 12);
    expect(found.fromBoth).toBeCloseTo(1 / 2 / 6, 12);
    expect(found.variance).toBeCloseTo(found.fromRuns + found.fromUnits - found.fromBoth, 12);
    const ofUnits = found.fromUnits - found.fromBoth;
    expect(found.df).toBeCloseTo(found.variance ** 2 / (found.fromRuns ** 2 + ofUnits ** 2 / 2), 9);
  });

  it('is right on average: σr²/R + σu²/U + σ²/RU', () => {
    const made = { runs: 4, units: 25, ofRun: 0.5, ofUnit: 1, noise: 2 };
    let sum = 0;
    for (let trial = 0; trial < 2000; trial++) sum += twoWayError(table(trial, made)).variance;
    expect(sum / 2000 / (0.25 / 4 + 1 / 25 + 4 / 100)).toBeCloseTo(1, 1);
  });

  it('covers what it should, where one that looks at images alone does not', () => {
    const made = { runs: 5, units: 40, ofRun: 0.5, ofUnit: 1, noise: 1 };
    const misses = (errorOf: (found: TwoWayError) => number): number => {
      let count = 0;
      for (let trial = 0; trial < 400; trial++) {
        const found = twoWayError(table(trial, made));
        if (Math.abs(found.mean) > errorOf(found)) count++;
      }
      return count / 400;
    };
    // t at 0.025 is 2.4 to 2.8 here.
    expect(misses(({ variance }) => 2.57 * Math.sqrt(variance))).toBeLessThan(0.08);
    expect(misses(({ fromUnits }) => 2.02 * Math.sqrt(fromUnits))).toBeGreaterThan(0.2);
  });

  it('never falls below the variance over units alone, whatever chance does to the runs', () => {
    for (let trial = 0; trial < 300; trial++) {
      const found = twoWayError(table(trial, { runs: 2, units: 6, ofRun: 0, ofUnit: 1, noise: 1 }));
      expect(found.variance).toBeGreaterThanOrEqual(found.fromUnits * (1 - 1e-12));
    }
  });

  it('is over units for one run, over runs for one unit, and nothing where nothing scatters', () => {
    expect(twoWayError([[1, 2, 3]])).toMatchObject({ fromRuns: 0, fromBoth: 0, variance: 1 / 3, df: 2 });
    expect(twoWayError([[1], [2], [3]])).toMatchObject({ fromUnits: 0, variance: 1 / 3, df: 2 });
    expect(twoWayError([[4]])).toMatchObject({ mean: 4, variance: 0, df: 1 });
    expect(
      twoWayError([
        [4, 4],
        [4, 4],
      ]),
    ).toMatchObject({ mean: 4, variance: 0, df: 1 });
    expect(() => twoWayError([[]])).toThrow(RangeError);
  });
});

describe('unitTable', () => {
  it('makes one unit of a cluster: twins say no more than one of them', () => {
    const single = [
      [1, 2, 4],
      [2, 2, 5],
    ];
    const twins = single.map((row) => row.flatMap((value) => [value, value]));
    const names = ['a', 'a', 'b', 'b', 'c', 'c'];
    const [one, two] = [unitTable(single, undefined), unitTable(twins, names)].map(({ table: made }) =>
      twoWayError(made),
    );
    expect(two!.variance).toBeCloseTo(one!.variance, 12);
    expect(two!.df).toBeCloseTo(one!.df, 9);
  });

  it('keeps the means of runs where clusters differ in size', () => {
    const values = [
      [0, 0, 0, 1],
      [1, 2, 3, 8],
    ];
    const { table: made } = unitTable(values, ['a', 'a', 'a', 'b']);
    expect(made.map((row) => (row[0]! + row[1]!) / 2)).toEqual([0.25, 3.5]);
  });
});
