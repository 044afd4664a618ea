import { describe, expect, it } from 'vitest';
import { studentQuantile, studentTail } from '../../../vision/statistics/student.ts';

describe('Student’s distribution', () => {
  it.each([
    [0.025, 1, 12.706204736],
    [0.025, 2, 4.30265273],
    [0.025, 4, 2.776445105],
    [0.025, 10, 2.228138852],
    [0.005, 3, 5.84090931],
    [0.001, 100, 3.173739493],
    [0.025, Infinity, 1.959963985],
  ])('leaves %d above the tabled quantile of %d degrees of freedom', (tail, df, quantile) => {
    expect(studentQuantile(tail, df)).toBeCloseTo(quantile, 6);
    expect(studentTail(quantile, df)).toBeCloseTo(tail, 7);
    expect(studentTail(-quantile, df)).toBeCloseTo(1 - tail, 7);
  });

  it('has its closed forms for one and two degrees of freedom, far out too', () => {
    for (const t of [0, 0.3, 1, 7, 1e3]) {
      expect(studentTail(t, 1) / (0.5 - Math.atan(t) / Math.PI)).toBeCloseTo(1, 8);
      expect(studentTail(t, 2)).toBeCloseTo(0.5 - t / (2 * Math.sqrt(2 + t * t)), 12);
    }
    expect(studentTail(Infinity, 3)).toBe(0);
  });
});
