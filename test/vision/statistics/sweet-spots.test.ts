import { describe, expect, it } from 'vitest';
import { findSweetSpots } from '../../../vision/statistics/sweet-spots.ts';
import type { ScoredRun } from '../../../vision/statistics/paired-values.ts';
import type { SweetSpots } from '../../../vision/statistics/sweet-spots.ts';
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
    const plain = decided(
      findSweetSpots({ runs, higherIsBetter: true, resamples: 2000, correction: 'none' }),
    );
    const careful = decided(
      findSweetSpots({ runs, higherIsBetter: true, resamples: 2000, correction: 'bonferroni' }),
    );
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

  it('asks more of two seeds than of five that scatter alike, and nothing of trainings where there is one', () => {
    const runs = [0.1, 0.13, 0.1, 0.13, 0.115].map((gain, i) => run('abcde'[i]!, { 0.2: gain }, 0.01));
    const widthOf = (count: number): number => {
      const { low, high } = decided(findSweetSpots({ runs: runs.slice(0, count), higherIsBetter: true }))
        .points[1]!.bounds!;
      return high - low;
    };
    expect(widthOf(2)).toBeGreaterThan(4 * widthOf(5));
    expect(widthOf(1)).toBeLessThan(0.01);
  });

  it('judges by the spread over seeds when asked to: less than the interval demands', () => {
    const runs = [0.1, 0.04, 0.09].map((gain, i) => run('abc'[i]!, { 0.2: gain }, 0.01));
    expect(decided(findSweetSpots({ runs, higherIsBetter: true })).points[1]!.verdict).toBe('within-seeds');
    expect(decided(findSweetSpots({ runs, higherIsBetter: true, overSeeds: 'spread' })).sweetSpots).toEqual([
      0.2,
    ]);
  });
});

describe('scores with little in them', () => {
  const flat = (count: number, value: number): number[] => Array<number>(count).fill(value);
  const judged = (
    runs: readonly (readonly (readonly (number | null)[])[])[],
    options: { readonly clusters?: readonly string[] } = {},
  ): SweetSpots =>
    findSweetSpots({
      runs: runs.map((points, i) => ({
        run: String(i),
        points: points.map((values, k) => ({ sparsity: k / 10, values })),
      })),
      higherIsBetter: true,
      ...options,
    });
  const half = Array.from({ length: 32 }, (_, i) => i % 2);

  it.each<[string, string, SweetSpots]>([
    ['no sparsity changes anything', 'not-better', judged([[flat(32, 0.5), flat(32, 0.5)]])],
    ['all right before and after', 'not-better', judged([[flat(32, 1), flat(32, 1)]])],
    ['none right before and after', 'not-better', judged([[flat(32, 0), flat(32, 0)]])],
    ['none right before, all after', 'sweet-spot', judged([[flat(32, 0), flat(32, 1)]])],
    ['the same in all trainings', 'sweet-spot', judged([0, 1, 2].map(() => [flat(32, 0), half]))],
    ['one image', 'within-images', judged([0, 1, 2].map(() => [[0], [1]]))],
    [
      'one image of many objects',
      'within-images',
      judged([[flat(9, 0), flat(9, 1)]], { clusters: Array<string>(9).fill('a') }),
    ],
    ['one image with a value', 'within-images', judged([[flat(32, 0), [1, ...Array<null>(31).fill(null)]]])],
    [
      'three images of thirty-two turned right',
      'within-images',
      judged([[flat(32, 0), flat(32, 0).fill(1, 0, 3)]]),
    ],
    ['no image with a value', 'no-values', judged([[flat(32, 0), Array<null>(32).fill(null)]])],
  ])('%s: %s', (_, verdict, result) => {
    const found = decided(result);
    expect(found.points[1]!.verdict).toBe(verdict);
    // What JSON cannot write stands nowhere.
    const numbers = JSON.stringify(found, (_key, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? 'not a number' : value,
    );
    expect(numbers).not.toContain('not a number');
  });

  it('judges each sparsity by the trainings and images that it has', () => {
    const gaining = (by: number): number[] => half.map((value, i) => value + by + (i % 3) / 100);
    const holed: (number | null)[] = gaining(0.1).map((value, i) => (i < 2 ? null : value));
    const found = decided(
      findSweetSpots({
        runs: [
          {
            run: 'a',
            points: [
              { sparsity: 0, values: half },
              { sparsity: 0.2, values: gaining(0.1) },
              { sparsity: 0.5, values: gaining(0.12) },
            ],
          },
          {
            run: 'b',
            points: [
              { sparsity: 0, values: half },
              { sparsity: 0.2, values: holed },
            ],
          },
          { run: 'without a dense model', points: [{ sparsity: 0.2, values: flat(32, 9) }] },
        ],
        higherIsBetter: true,
      }),
    );
    expect(found.runs).toBe(2);
    expect(found.points.map(({ runs, images }) => [runs, images])).toEqual([
      [2, 32],
      [2, 30],
      [1, 32],
    ]);
    expect(found.points.map(({ verdict }) => verdict)).toEqual(['dense', 'sweet-spot', 'sweet-spot']);
  });

  it('draws whole images: objects of few images are few', () => {
    const random = randomFrom(8);
    const shifts = Array.from({ length: 12 }, (_, image) => 0.02 + (image % 2 === 0 ? 0.06 : -0.06));
    const clusters = shifts.flatMap((_, image) => Array<string>(20).fill(`image ${image}`));
    const gained = shifts.flatMap((shift) =>
      Array.from({ length: 20 }, () => shift + 0.001 * random.normal()),
    );
    const runs = [[flat(240, 0), gained]];
    expect(decided(judged(runs)).points[1]!.verdict).toBe('sweet-spot');
    expect(decided(judged(runs, { clusters })).points[1]!.verdict).toBe('within-images');
  });
});
