import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';
import { bootstrapIntervals } from '../../../vision/statistics/bootstrap.ts';
import { judgeTogether } from '../../../vision/statistics/largest-t.ts';
import { mean, sampleDeviation } from '../../../vision/statistics/mean-and-spread.ts';
import { meanGains } from '../../../vision/statistics/mean-gains.ts';
import type { MeanScore } from '../../../vision/statistics/mean-gains.ts';
import { meanInterval, meanTable } from '../../../vision/statistics/mean-of-scores.ts';
import type { ScoredImages } from '../../../vision/statistics/mean-of-scores.ts';
import { twoWayError } from '../../../vision/statistics/two-way-error.ts';

function named(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
}

function normals(seed: number, count: number): number[] {
  const random = randomFrom(77, seed);
  return Array.from({ length: count }, () => random.normal());
}

function varianceOf(scores: readonly ScoredImages[]): number {
  return twoWayError(meanTable(scores)!.table).variance;
}

describe('meanTable', () => {
  it('is the plain mean of scores of the same images, in any order of the images', () => {
    const one = { images: ['a', 'b', 'c'], perRun: [[1, 2, 6]] };
    const two = { images: ['c', 'a', 'b'], perRun: [[4, 3, 0]] };
    const { images, table } = meanTable([one, two])!;
    expect(images).toEqual(['a', 'b', 'c']);
    expect([...table[0]!]).toEqual([2, 1, 5].map((value) => expect.closeTo(value, 12) as number));
  });

  it('adds the variances of scores that share no image, however few one of them has', () => {
    const few = [1, 4];
    const many = normals(1, 50);
    const scores = [
      { images: named('a', 2), perRun: [few] },
      { images: named('b', 50), perRun: [many] },
    ];
    const own = (values: number[]): number => sampleDeviation(values)! ** 2 / values.length;
    expect(varianceOf(scores)).toBeCloseTo((own(few) + own(many)) / 4, 12);
  });

  it('gives each run the mean over scores of its own means', () => {
    const scores = [
      {
        images: ['a', 'b', 'c'],
        perRun: [
          [0, 0, 3],
          [5, 6, 7],
        ],
      },
      // Two objects in one image.
      {
        images: ['b', 'b', 'd'],
        perRun: [
          [2, 2, 8],
          [1, 1, 1],
        ],
      },
    ];
    const rows = meanTable(scores)!.table.map((row) => mean(row)!);
    expect(rows[0]).toBeCloseTo((1 + 4) / 2, 12);
    expect(rows[1]).toBeCloseTo((6 + 1) / 2, 12);
  });

  it('takes a score that is told twice for one witness', () => {
    const score = { images: named('a', 40), perRun: [normals(2, 40), normals(3, 40)] };
    expect(varianceOf([score, score])).toBeCloseTo(varianceOf([score]), 12);
  });

  it('knows nothing where a score has one image', () => {
    expect(meanTable([])).toBeUndefined();
    const score = { images: ['a', 'b'], perRun: [[1, 2]] };
    expect(meanTable([score, { images: ['a', 'a'], perRun: [[1, 2]] }])).toBeUndefined();
  });
});

describe('meanInterval', () => {
  const intervalOf = bootstrapIntervals({ resamples: 2000 });

  it('is that of the images’ means where all scores are of the same images', () => {
    const images = named('a', 30);
    const [one, two] = [normals(4, 30), normals(5, 30)];
    const found = meanInterval(
      [
        { images, perRun: [one] },
        { images, perRun: [two] },
      ],
      intervalOf,
    )!;
    const expected = intervalOf(one.map((value, i) => (value + two[i]!) / 2))!;
    for (const end of ['mean', 'low', 'high'] as const) expect(found[end]).toBeCloseTo(expected[end], 12);
  });

  it('is narrower by the root of their number where scores are of different images', () => {
    const scores = Array.from({ length: 16 }, (_, k) => ({
      images: named(`set ${k}/`, 60),
      perRun: [normals(100 + k, 60)],
    }));
    const width = (each: readonly ScoredImages[]): number => {
      const { low, high } = meanInterval(each, intervalOf)!;
      return high - low;
    };
    const single = mean(scores.map((score) => width([score])))!;
    expect(width(scores) / single).toBeGreaterThan(0.22);
    expect(width(scores) / single).toBeLessThan(0.28);
  });
});

/** Sets of which some share their images; what a training and an image add to several scores at once; no gain anywhere. */
function madeScores(trial: number, seeds: number): readonly MeanScore[] {
  const random = randomFrom(91, trial);
  const [images, sparsities] = [24, [0, 0.3, 0.6]];
  const trainings = Array.from({ length: seeds }, () => sparsities.map(() => 0.3 * random.normal()));
  return ['a', 'a', 'b', 'c'].map((set) => ({
    higherIsBetter: true,
    images: named(set, images),
    runs: trainings.map((added, seed) => ({
      run: String(seed),
      points: sparsities.map((sparsity, s) => {
        const common = normals(1000 * trial + 100 * seed + 10 * s + set.charCodeAt(0), images);
        return { sparsity, values: common.map((value) => added[s]! + value + 0.5 * random.normal()) };
      }),
    })),
  }));
}

describe('meanGains', () => {
  it('see a gain where there is none as seldom as they say, whatever scores share; images alone do not, where trainings differ', () => {
    const trials = 120;
    const together = judgeTogether(0);
    const wrong = { bounds: 0, images: 0 };
    for (let trial = 0; trial < trials; trial++) {
      const found = meanGains({
        scores: madeScores(trial, 3),
        ...{ sparsities: [0.3, 0.6], resamples: 100, together },
      });
      if (found.some(({ bounds }) => bounds.low > 0)) wrong.bounds++;
      if (found.some(({ gain }) => gain.low > 0)) wrong.images++;
    }
    // 2.5 % of either side, and what 120 trials leave to chance.
    expect(wrong.bounds / trials).toBeLessThan(0.07);
    expect(wrong.bounds).toBeGreaterThan(0);
    expect(wrong.images / trials).toBeGreaterThan(0.15);
  });

  it('are the gains, of the trainings that all scores have', () => {
    const [one, two] = madeScores(3, 3);
    const shorter = { ...two!, runs: two!.runs.slice(1) };
    const [all, some] = [
      [one!, two!],
      [one!, shorter],
    ].map((scores) => meanGains({ scores, sparsities: [0.3, 0.6], resamples: 50 }));
    expect(all!.map(({ runs }) => runs)).toEqual([3, 3]);
    expect(some!.map(({ runs }) => runs)).toEqual([2, 2]);
    const gain = ({ runs }: MeanScore, from: number): number =>
      mean(runs.slice(from).map(({ points }) => mean(valuesAt(points, 1))! - mean(valuesAt(points, 0))!))!;
    expect(all![0]!.gain.mean).toBeCloseTo((gain(one!, 0) + gain(two!, 0)) / 2, 12);
    expect(some![0]!.gain.mean).toBeCloseTo((gain(one!, 1) + gain(two!, 1)) / 2, 12);
    expect(all![0]!.bounds.low).toBeLessThan(all![0]!.gain.mean);
  });

  it('pair by image: what is hard for both models says nothing of the gain', () => {
    const hard = normals(9, 50).map((value) => 100 * value);
    const runs = [
      {
        run: '',
        points: [
          { sparsity: 0, values: hard },
          { sparsity: 0.5, values: hard.map((value) => value - 1) },
        ],
      },
    ];
    const score = { runs, higherIsBetter: false, images: named('a', 50) };
    const [found] = meanGains({ scores: [score, score], sparsities: [0.5] });
    for (const end of [found!.gain.low, found!.gain.high, found!.bounds.low, found!.bounds.high])
      expect(end).toBeCloseTo(1, 9);
  });

  it('leave out a sparsity at which a score has no two images, or no training with the others', () => {
    const [one, two] = madeScores(4, 2);
    const elsewhere = { ...two!, runs: two!.runs.map((run) => ({ ...run, run: `other ${run.run}` })) };
    expect(meanGains({ scores: [one!, elsewhere], sparsities: [0.3] })).toEqual([]);
    const holed = {
      ...two!,
      runs: two!.runs.map((run) => ({
        ...run,
        points: run.points.map((point, s) =>
          s === 1 ? { ...point, values: point.values.map((value, i) => (i === 0 ? value : null)) } : point,
        ),
      })),
    };
    const found = meanGains({ scores: [one!, holed], sparsities: [0.3, 0.6], resamples: 50 });
    expect(found.map(({ sparsity }) => sparsity)).toEqual([0.6]);
  });
});

function valuesAt(
  points: readonly { readonly values: readonly (number | null)[] }[],
  place: number,
): number[] {
  return points[place]!.values.map((value) => value!);
}
