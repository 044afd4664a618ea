import { describe, expect, it } from 'vitest';
import { findSweetSpots } from '../../../vision/statistics/sweet-spots.ts';
import type { ScoredRun, SweetSpots } from '../../../vision/statistics/sweet-spots.ts';
import { randomFrom } from '../../../vision/random/random.ts';

function decided(result: SweetSpots): Extract<SweetSpots, { kind: 'decided' }> {
  if (result.kind !== 'decided') throw new Error(result.reason);
  return result;
}

/** Hard and easy images with the same small gain on each, plus noise of the given size. */
function run(name: string, gains: { readonly [sparsity: number]: number }, noise: number): ScoredRun {
  const random = randomFrom(name.length * 7919 + name.charCodeAt(0));
  const base = Array.from({ length: 200 }, () => random.uniform());
  const sparsities = Object.keys(gains).map(Number);
  return {
    run: name,
    points: [
      { sparsity: 0, values: base },
      ...sparsities.map((sparsity) => ({
        sparsity,
        values: base.map((value) => value + gains[sparsity]! + noise * random.normal()),
      })),
    ],
  };
}

describe('findSweetSpots', () => {
  it('finds a small gain that every image shares, because the bootstrap is paired', () => {
    const result = decided(
      findSweetSpots({ runs: [run('a', { 0.2: 0.02, 0.36: -0.05 }, 0.01)], higherIsBetter: true }),
    );
    expect(result.points.map((point) => point.verdict)).toEqual(['dense', 'sweet-spot', 'not-better']);
    expect(result.sweetSpots).toEqual([0.2]);
    // The interval of the score itself is ten times the gain: an unpaired comparison would have missed it.
    expect(result.points[1]!.score!.high - result.points[1]!.score!.low).toBeGreaterThan(0.06);
  });

  it('holds back where the images disagree', () => {
    const result = decided(findSweetSpots({ runs: [run('a', { 0.2: 0.01 }, 1)], higherIsBetter: true }));
    expect(['within-images', 'not-better']).toContain(result.points[1]!.verdict);
  });

  it('holds back where the seeds disagree, though each is sure of itself', () => {
    const runs = [run('a', { 0.2: 0.3 }, 0.01), run('b', { 0.2: -0.05 }, 0.01)];
    const result = decided(findSweetSpots({ runs, higherIsBetter: true }));
    expect(result.points[1]).toMatchObject({ verdict: 'within-seeds', runs: 2, images: 200 });
    expect(result.points[1]!.gain!.low).toBeGreaterThan(0);
    expect(result.points[1]!.gainSpread).toBeCloseTo(0.35 / Math.SQRT2, 2);
  });

  it('turns the sign where less is better', () => {
    const runs = [run('a', { 0.2: -0.1 }, 0.01)];
    expect(decided(findSweetSpots({ runs, higherIsBetter: false })).sweetSpots).toEqual([0.2]);
    expect(decided(findSweetSpots({ runs, higherIsBetter: true })).sweetSpots).toEqual([]);
  });

  it('orders sweet spots by gain and leaves out images without a value', () => {
    const runs = [run('a', { 0.2: 0.1, 0.5: 0.2 }, 0.01)];
    const holed = runs.map((each) => ({
      ...each,
      points: each.points.map((point) => ({
        ...point,
        values: point.values.map((v, i) => (i < 5 ? null : v)),
      })),
    }));
    const result = decided(findSweetSpots({ runs: holed, higherIsBetter: true }));
    expect(result.sweetSpots).toEqual([0.5, 0.2]);
    expect(result.points.map((point) => point.images)).toEqual([195, 195, 195]);
  });

  it('is the same every time, and says when it cannot decide', () => {
    const request = { runs: [run('a', { 0.2: 0.02 }, 0.1)], higherIsBetter: true };
    expect(findSweetSpots(request)).toEqual(findSweetSpots(request));
    const sparse = { run: 'a', points: [{ sparsity: 0.2, values: [1] }] };
    expect(findSweetSpots({ runs: [sparse], higherIsBetter: true })).toEqual({
      kind: 'undecidable',
      reason: 'no-dense-model',
    });
  });

  it('widens the intervals for many comparisons when asked to', () => {
    const gains = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [(i + 1) / 30, 0.01]));
    const runs = [run('a', gains, 0.06)];
    const plain = decided(findSweetSpots({ runs, higherIsBetter: true, resamples: 2000 }));
    const careful = decided(
      findSweetSpots({ runs, higherIsBetter: true, resamples: 2000, correction: 'bonferroni' }),
    );
    expect(careful.confidence).toBeCloseTo(1 - 0.05 / 20, 12);
    expect(careful.sweetSpots.length).toBeLessThan(plain.sweetSpots.length);
  });

  it.each([
    [3, 'within-images'],
    [5, 'within-images'],
    [6, 'sweet-spot'],
  ])('judges %i images that all gain as %s: fewer could agree by chance', (count, verdict) => {
    const values = (base: number): number[] => Array.from({ length: count }, (_, i) => base + i / 100);
    const points = [
      { sparsity: 0, values: values(0.2) },
      { sparsity: 0.5, values: values(0.4) },
    ];
    const result = decided(findSweetSpots({ runs: [{ run: 'a', points }], higherIsBetter: true }));
    expect(result.points[1]!.verdict).toBe(verdict);
  });
});
