import { describe, expect, it } from 'vitest';
import { compareObservers } from '../../../vision/ood/compare-observers.ts';
import { compareWithHumans, humanMetrics, type ModelTrial } from '../../../vision/ood/compare-with-humans.ts';
import type { HumanTrial } from '../../../vision/ood/human-trials.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { mean, present } from '../../../vision/statistics/mean-and-spread.ts';

const random = randomFrom(1);
const answers = (count: number, share: number): boolean[] =>
  Array.from({ length: count }, () => random.chance(share));

describe('two observers', () => {
  const first = answers(200, 0.85);
  const second = first.map((isRight) => (random.chance(0.3) ? random.chance(0.5) : isRight));
  const pair = compareObservers(first, second)!;

  it('have values a trial whose means are the metrics', () => {
    for (const metric of humanMetrics) expect(mean(pair.perTrial[metric])).toBeCloseTo(pair[metric], 12);
  });

  it('have values a trial that are what leaving the trial out takes away', () => {
    // The jackknife: n theta - (n - 1) theta(without i) is theta and the influence of trial i, up to the order 1/n.
    for (const metric of humanMetrics) {
      const errors = first.map((_, left) => {
        const without = compareObservers(
          first.filter((__, i) => i !== left),
          second.filter((__, i) => i !== left),
        )!;
        const pseudo = first.length * pair[metric] - (first.length - 1) * without[metric];
        return Math.abs(pseudo - pair.perTrial[metric][left]!);
      });
      expect(Math.max(...errors), metric).toBeLessThan(8 / first.length);
    }
  });

  it('agree wholly or by chance at the ends, without a NaN', () => {
    const right = [true, true, true];
    expect(compareObservers(right, right)).toMatchObject({
      errorConsistency: 1,
      accuracyDifference: 0,
      perTrial: { errorConsistency: [1, 1, 1], accuracyDifference: [0, 0, 0] },
    });
    const never = compareObservers(right, [false, false, false])!;
    expect(never).toMatchObject({ errorConsistency: 0, observedConsistency: 0, accuracyDifference: 1 });
    for (const metric of humanMetrics)
      for (const value of never.perTrial[metric]) expect(Number.isFinite(value)).toBe(true);
  });
});

describe('a model beside people', () => {
  const model: readonly ModelTrial[] = [
    { imageId: 'a', condition: '0', isRight: true },
    { imageId: 'b', condition: '0', isRight: false },
    { imageId: 'a', condition: '90', isRight: true },
    { imageId: 'c', condition: '90', isRight: true },
    { imageId: 'd', condition: '90', isRight: false },
    { imageId: 'nobody saw it', condition: '90', isRight: false },
    { imageId: 'a', condition: 'nobody had it', isRight: true },
  ];
  const humans = [
    trial('s1', '0', 'a', true),
    trial('s1', '0', 'b', false),
    trial('s2', '0', 'a', true),
    trial('s2', '0', 'b', true),
    trial('s1', '90', 'a', true),
    trial('s1', '90', 'c', false),
    trial('s1', '90', 'd', false),
    trial('s2', '90', 'c', true),
    trial('s2', '90', 'not asked of the model', true),
  ];
  const found = compareWithHumans(model, humans);

  it('is compared with each person on common trials, averaged over people, then conditions', () => {
    // Condition 0: s1 agrees on both (kappa 1); s2 on one of two, expected 1/2: kappa 0.
    // Condition 90: s1 agrees on two of three, expected 4/9: kappa 2/5; s2 on the one image that both saw: kappa 1.
    expect(found.conditions).toEqual([
      condition('0', 2, { errorConsistency: 1 / 2, observedConsistency: 3 / 4, accuracyDifference: 1 / 8 }),
      condition('90', 3, {
        errorConsistency: 7 / 10,
        observedConsistency: 5 / 6,
        accuracyDifference: 1 / 18,
      }),
    ]);
    expect(found.errorConsistency).toBeCloseTo(3 / 5, 12);
    expect(found.observedConsistency).toBeCloseTo(19 / 24, 12);
    expect(found.accuracyDifference).toBeCloseTo(13 / 144, 12);
  });

  it('has values an image whose mean is the metric, and none where nobody saw the image', () => {
    for (const metric of humanMetrics) {
      const values = found.perTrial[metric];
      expect(values.map((value) => value === null)).toEqual([false, false, false, false, false, true, true]);
      expect(mean(present(values))).toBeCloseTo(found[metric]!, 12);
    }
  });

  it('has no metric where nobody saw its images', () => {
    const none = compareWithHumans(model, []);
    expect(none).toMatchObject({
      errorConsistency: null,
      observedConsistency: null,
      accuracyDifference: null,
    });
    expect(none.perTrial.errorConsistency).toEqual(model.map(() => null));
  });
});

function trial(subject: string, condition: string, imageId: string, isRight: boolean): HumanTrial {
  return {
    subject,
    condition,
    imageId,
    fileName: imageId,
    category: 'cat',
    response: isRight ? 'cat' : 'na',
  };
}

function condition(name: string, trials: number, metrics: { readonly [metric: string]: number }): object {
  const close = Object.entries(metrics).map(
    ([metric, value]) => [metric, expect.closeTo(value, 12)] as const,
  );
  return { condition: name, trials, subjects: 2, ...Object.fromEntries(close) };
}
