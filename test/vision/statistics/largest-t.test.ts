import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';
import { judgeTogether } from '../../../vision/statistics/largest-t.ts';
import type { JointGain } from '../../../vision/statistics/largest-t.ts';
import { twoWayError } from '../../../vision/statistics/two-way-error.ts';
import { studentQuantile } from '../../../vision/statistics/student.ts';

const together = judgeTogether(0);

function gain(table: readonly (readonly number[])[]): JointGain {
  const error = twoWayError(table);
  return { ...error, deviations: error.unitDeviations };
}

function noise(key: number, length: number): readonly number[] {
  const random = randomFrom(key);
  return Array.from({ length }, () => random.normal());
}

describe('judgeTogether', () => {
  it('asks of a single gain what Student asks', () => {
    expect(together([gain([noise(1, 400)])], 0.025).critical).toBeCloseTo(1.96, 0);
    expect(together([gain([noise(1, 10)])], 0.025).critical / studentQuantile(0.025, 9)).toBeCloseTo(1, 1);
    // Trainings alone scatter: each moves all images alike.
    const byTraining = gain([0.3, -0.2, 0.5].map((shift) => noise(2, 50).map(() => shift)));
    expect(together([byTraining], 0.025).critical / studentQuantile(0.025, 2)).toBeCloseTo(1, 1);
  });

  it('asks no more of twenty gains that are one and the same', () => {
    const one = gain([noise(3, 200)]);
    const all = together(
      Array.from({ length: 20 }, () => one),
      0.025,
    );
    expect(all.critical / together([one], 0.025).critical).toBeCloseTo(1, 1);
  });

  it('asks of independent gains what Šidák asks', () => {
    const gains = Array.from({ length: 8 }, (_, k) => gain([noise(10 + k, 2000)]));
    const { critical, p } = together(gains, 0.025);
    const each = 1 - 0.975 ** (1 / 8);
    expect(critical).toBeCloseTo(studentQuantile(each, Infinity), 0);
    expect(critical).toBeGreaterThan(2.55);
    for (const value of p) expect(value).toBeGreaterThan(0);
  });

  it('takes no error for smaller than the median, and says how likely so large a gain is', () => {
    const table = (mean: number, scatter: number): JointGain =>
      gain([0, 1, 2].map((seed) => noise(20 + seed, 60).map((value) => mean + scatter * value)));
    const { errors, p } = together([table(1, 1e-6), table(0, 1), table(0, 1), table(-1, 1)], 0.025);
    expect(errors[0]).toBeCloseTo(errors[1]!, 12);
    expect(p[0]).toBeLessThan(0.01);
    expect(p[1]).toBeGreaterThan(0.3);
    expect(p[3]).toBeGreaterThan(0.99);
  });

  it('stays finite where nothing scatters', () => {
    const still = gain([
      [0.1, 0.1, 0.1],
      [0.1, 0.1, 0.1],
    ]);
    const zero = gain([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const { errors, critical, p } = together([still, zero], 0.025);
    expect(Number.isFinite(critical)).toBe(true);
    // A mean of tenths is off by its rounding.
    for (const error of errors) expect(error).toBeLessThan(1e-15);
    expect(p[0]).toBeLessThan(0.001);
    expect(p[1]).toBe(1);
  });
});
