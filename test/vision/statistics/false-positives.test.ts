import { describe, expect, it } from 'vitest';
import { falsePositives } from './null-data.ts';

// docs/evaluations.md has the rates of 1,000 studies each.
describe('sweet spots where there are none', () => {
  it.each([
    { what: 'one seed: what the images allow, one-sided', seeds: 1, seedEffect: 0, low: 0.005, high: 0.07 },
    {
      what: 'one seed that moves all images: nothing can tell',
      seeds: 1,
      seedEffect: 1,
      low: 0.3,
      high: 0.5,
    },
    { what: 'three seeds: t > √3, two degrees of freedom', seeds: 3, seedEffect: 1, low: 0.05, high: 0.18 },
    { what: 'five seeds: t > √5, four degrees of freedom', seeds: 5, seedEffect: 1, low: 0.005, high: 0.09 },
  ])('$what', ({ seeds, seedEffect, low, high }) => {
    const { perComparison } = falsePositives({ images: 40, seeds, seedEffect, sparsities: 1 }, 200);
    expect(perComparison).toBeGreaterThan(low);
    expect(perComparison).toBeLessThan(high);
  });
});
