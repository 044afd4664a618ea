import { describe, expect, it } from 'vitest';
import { clipBelow } from '../../../tasks/report/charts/clip-below.ts';
import { gainsOf } from '../../../tasks/report/study/gains.ts';
import type { MeanGain } from '../../../tasks/report/study/gains.ts';
import type { DecidedPoint, Decision } from '../../../tasks/sweet-spots/decision.ts';

function point(
  sparsity: number,
  seedGains: readonly number[],
  images: readonly [number, number],
): DecidedPoint {
  const gain = seedGains.length === 0 ? null : seedGains.reduce((a, b) => a + b, 0) / seedGains.length;
  return {
    ...{ sparsity, gain, seedGains, images: 8, missing: 0, score: 0.5, seedSpread: null, controls: [] },
    ...{ interval: null, p: null },
    imageInterval: images,
    verdict: 'not-better',
  };
}

function decision(unit: string, points: readonly DecidedPoint[]): Decision {
  return {
    ...{ measure: 'localisation', metric: 'rma', unit, higherIsBetter: true },
    ...{ model: 'resnet20', variant: '', method: 'grad-cam', set: null },
    outcome: { kind: 'decided', points: [point(0, [0, 0], [0, 0]), ...points] },
  };
}

/** Where the images' values are not at hand. */
const unknown = (): readonly [] => [];

describe('gains of a question', () => {
  it('are averaged over scores, seed by seed, in percentage points', () => {
    const gains = gainsOf(
      [
        decision('fraction', [point(0.2, [0.01, 0.05], [0.02, 0.04])]),
        decision('fraction', [point(0.2, [0.03, -0.03], [-0.04, 0.02])]),
      ],
      unknown,
    );
    const [dense, sparse] = gains.mean;
    expect(gains.factor).toBe(100);
    expect(dense).toMatchObject({ sparsity: 0, gain: 0, widest: false });
    expect(sparse).toMatchObject({ widest: true, of: { length: 2 } });
    expect(sparse!.gain).toBeCloseTo(1.5, 12);
    // Means of the seeds: (1 + 3) / 2 and (5 - 3) / 2.
    expect(sparse!.seeds).toEqual([expect.closeTo(1, 12), expect.closeTo(2, 12)]);
    expect(sparse!.interval).toEqual([expect.closeTo(-1, 12), expect.closeTo(3, 12)]);
  });

  it('have the intervals of the mean itself where the images are at hand, if they are of that very mean', () => {
    const two = [0.03, 0.01].map((gain) => decision('fraction', [point(0.2, [gain], [-0.5, 0.5])]));
    const told = (gain: number): MeanGain =>
      gainsOf(two, (of, sparsities) => {
        expect(of).toEqual(two);
        expect(sparsities).toEqual([0, 0.2]);
        return [{ sparsity: 0.2, gain, interval: [-0.01, 0.05], images: [0, 0.04] }];
      }).mean[1]!;
    expect(told(0.02)).toMatchObject({ interval: [-1, 5], images: [0, 4], widest: false });
    expect(told(0.021)).toMatchObject({ interval: [-50, 50], images: [-50, 50], widest: true });
  });

  it('have none where one of the scores has a single image, whose scatter nobody knows', () => {
    const few = { ...point(0.2, [0.01, 0.03], [0.02, 0.02]), images: 1 };
    const both = [decision('fraction', [few]), decision('fraction', [point(0.2, [0.01, 0.02], [0, 0.03])])];
    expect(gainsOf(both, unknown).mean[1]).toMatchObject({ widest: false, interval: undefined });
    expect(gainsOf(both, unknown).mean[1]!.images).toBeUndefined();
  });

  it('of one score are its own, whatever the images say', () => {
    const one = decision('fraction', [point(0.2, [0.01], [0, 0.02])]);
    const [, sparse] = gainsOf([one], () => [
      { sparsity: 0.2, gain: 0.01, interval: [-9, 9], images: [-9, 9] },
    ]).mean;
    expect(sparse).toMatchObject({ interval: [0, 2], widest: false });
  });

  it('have the intervals that decided, where images alone did not', () => {
    const decided = { ...point(0.2, [0.01, 0.05], [0.02, 0.04]), interval: [-0.1, 0.16] as const };
    const [, sparse] = gainsOf([decision('fraction', [decided])], unknown).mean;
    expect(sparse!.interval).toEqual([expect.closeTo(-10, 12), expect.closeTo(16, 12)]);
  });

  it('leave out of the mean a score without a value somewhere, so that the mean is of the same scores all along', () => {
    const gains = gainsOf(
      [
        decision('kappa', [point(0.2, [0.1], [0, 0.2]), point(0.4, [0.2], [0.1, 0.3])]),
        decision('kappa', [point(0.2, [0.9], [0.8, 1])]),
      ],
      unknown,
    );
    expect(gains.factor).toBe(1);
    expect(gains.mean.map(({ gain, of, seeds }) => [gain, of.length, seeds])).toEqual([
      [0, 1, [0, 0]],
      [0.1, 1, undefined],
      [0.2, 1, undefined],
    ]);
  });

  it('have no mean where no score has a gain at every sparsity', () => {
    const holed = decision('fraction', [point(0.2, [], [0, 0]), point(0.4, [0.1], [0, 0.2])]);
    expect(gainsOf([holed], unknown).mean).toEqual([]);
  });
});

describe('a line above a floor', () => {
  const at = (at: number, value: number): { at: number; value: number } => ({ at, value });

  it('ends where it crosses, and begins again where it comes back', () => {
    expect(clipBelow([at(0, 0), at(1, -4), at(2, -4), at(3, 4)], -2)).toEqual([
      [at(0, 0), at(0.5, -2)],
      [at(2.25, -2), at(3, 4)],
    ]);
  });

  it('is whole above, and nothing below', () => {
    expect(clipBelow([at(0, 0), at(1, -2)], -2)).toEqual([[at(0, 0), at(1, -2)]]);
    expect(clipBelow([at(0, -3), at(1, -9)], -2)).toEqual([]);
    expect(clipBelow([at(0, -3), at(1, -1)], -2)).toEqual([[at(0.5, -2), at(1, -1)]]);
  });
});
