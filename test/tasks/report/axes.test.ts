import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sparsityAxis } from '../../../tasks/report/charts/sparsity-axis.ts';
import { valueAxis } from '../../../tasks/report/charts/value-axis.ts';

describe('sparsityAxis', () => {
  it('puts rounds of equal shares at equal distances', () => {
    const { place } = sparsityAxis([0, 0.2, 0.36, 0.488]);
    expect(place(0.36) - place(0.2)).toBeCloseTo(place(0.2) - place(0), 12);
    expect(place(0.488) - place(0.36)).toBeCloseTo(place(0.2) - place(0), 12);
  });

  it('labels ticks that do not crowd', () => {
    const { ticks, domain } = sparsityAxis(Array.from({ length: 27 }, (_, round) => 1 - 0.8 ** round));
    const at = ticks(6).map((tick) => tick.at);
    expect(at.length).toBeGreaterThan(3);
    for (const [i, place] of at.entries())
      if (i > 0) expect(place - at[i - 1]!).toBeGreaterThanOrEqual((domain[1] / 6) * 0.999);
  });

  it('labels a short pool with its members', () => {
    expect(
      sparsityAxis([0, 0.2, 0.36, 0.488, 0.5904])
        .ticks(5)
        .map((tick) => tick.text),
    ).toEqual(['0%', '20%', '36%', '48.8%', '59%']);
  });

  it('stays finite for a model without weights', () => {
    expect(Number.isFinite(sparsityAxis([0, 1]).domain[1])).toBe(true);
  });
});

describe('valueAxis', () => {
  it('holds all values between round ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (values) => {
          const { domain, ticks } = valueAxis({ values });
          const slack = 1e-9 * Math.max(1, ...values.map(Math.abs));
          expect(domain[0]).toBeLessThanOrEqual(Math.min(...values) + slack);
          expect(domain[1]).toBeGreaterThanOrEqual(Math.max(...values) - slack);
          expect(domain[1]).toBeGreaterThan(domain[0]);
          expect(ticks.length).toBeLessThan(12);
        },
      ),
    );
  });

  it('puts equal values in the middle', () => {
    const { domain } = valueAxis({ values: [50, 50] });
    expect(domain[0]).toBeLessThan(50);
    expect(domain[1]).toBeGreaterThan(50);
  });

  it('writes steps with the digits they need', () => {
    const { ticks, text } = valueAxis({ values: [30, 39], suffix: '%' });
    expect(ticks.map(text)).toEqual(['30.0%', '32.5%', '35.0%', '37.5%', '40.0%']);
  });
});
