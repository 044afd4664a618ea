import { describe, expect, it } from 'vitest';
import { gainsOf } from '../../../tasks/report/study/gains.ts';
import { meanIntervals } from '../../../tasks/report/study/mean-intervals.ts';
import type { Study } from '../../../tasks/report/study/study.ts';
import type { Reading } from '../../../tasks/readings/reading.ts';
import { meanPointIntervals, pointIntervals } from '../../../tasks/readings/point-interval.ts';
import { seriesOf } from '../../../tasks/readings/series.ts';
import { decideAll } from '../../../tasks/sweet-spots/decide.ts';
import { defaultRule } from '../../../tasks/sweet-spots/rule.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const count = 40;
const source = { digest: '' as Reading['source']['digest'], coordinates: {}, facts: {} };

/** A score of two trainings, of which the sparse ones gain a little; `prefix` names the images. */
function score(about: Pick<Reading, 'metric' | 'method'>, prefix: string): readonly Reading[] {
  const key = about.metric === 'rma' ? 1 : 2;
  return ['0', '1'].flatMap((seed) =>
    [0, 0.2, 0.36].map((sparsity, step): Reading => {
      const random = randomFrom(5, Number(seed), step, key);
      const values = Array.from({ length: count }, () => 0.5 + 0.05 * step + 0.2 * random.normal());
      return {
        ...{ source, measure: 'localisation', unit: 'fraction', higherIsBetter: true, model: 'resnet20' },
        ...{ set: undefined, variant: '', position: undefined, images: undefined, conditions: undefined },
        ...{ cases: {}, people: undefined, seed, sparsity, values, ...about },
        items: values.map((_, i) => `${prefix}${i}`),
        mean: values.reduce((sum, value) => sum + value, 0) / count,
      };
    }),
  );
}

const rma = { metric: 'rma', method: 'grad-cam' };
const rra = { metric: 'rra', method: 'saliency' };

function made(readings: readonly Reading[]): Study {
  const series = seriesOf(readings);
  return { series, rule: defaultRule, decisions: decideAll(series, defaultRule) } as Partial<Study> as Study;
}

describe('the intervals of a mean of gains', () => {
  it('are of the mean itself, by the rule of single scores: narrower than the mean of their ends', () => {
    const study = made([...score(rma, 'a'), ...score(rra, 'b')]);
    const told = gainsOf(study.decisions, meanIntervals(study)).mean;
    const ends = gainsOf(study.decisions, () => []).mean;
    expect(told.map(({ widest }) => widest)).toEqual([false, false, false]);
    expect(ends.map(({ widest }) => widest)).toEqual([false, true, true]);
    const width = ([low, high]: readonly [number, number]): number => high - low;
    for (const [i, { gain, images, interval }] of told.entries()) {
      if (i === 0) continue;
      expect(gain).toBeCloseTo(ends[i]!.gain, 12);
      // Two scores of other images: 1/√2 of either.
      expect(width(images!) / width(ends[i]!.images!)).toBeCloseTo(Math.SQRT1_2, 1);
      expect(width(interval!)).toBeLessThan(width(ends[i]!.interval!));
      expect(interval![0]).toBeLessThan(images![0]);
    }
  });

  it('are those of the score where it is told twice', () => {
    const once = score(rma, 'a');
    const twice = [...once, ...once.map((reading) => ({ ...reading, ...rra }))];
    const study = made(twice);
    const told = gainsOf(study.decisions, meanIntervals(study)).mean[1]!;
    const [alone] = study.decisions;
    const point = alone!.outcome.kind === 'decided' ? alone!.outcome.points[1]! : undefined;
    for (const end of [0, 1] as const) {
      expect(told.interval![end]).toBeCloseTo(100 * point!.interval![end], 9);
      expect(told.images![end]).toBeCloseTo(100 * point!.imageInterval![end], 9);
    }
  });

  it('are not there where a decided score was not given to the page', () => {
    const study = made([...score(rma, 'a'), ...score(rra, 'b')]);
    const partly = { ...study, series: study.series.slice(1) };
    expect(meanIntervals(partly)(study.decisions, [0, 0.2])).toEqual([]);
  });
});

describe('the interval of a mean of scores', () => {
  it('draws whole images, as that of one score does', () => {
    const [one, two] = seriesOf([...score(rma, 'a'), ...score(rra, 'a')]).map(({ points }) => points[1]!);
    const single = pointIntervals({})(one!)!;
    const intervalOf = meanPointIntervals({});
    const same = intervalOf([one!, one!])!;
    for (const end of ['mean', 'low', 'high'] as const) expect(same[end]).toBeCloseTo(single[end], 12);
    const mean = intervalOf([one!, two!])!;
    expect(mean.mean).toBeCloseTo((single.mean + pointIntervals({})(two!)!.mean) / 2, 12);
    expect(mean.high - mean.low).toBeLessThan(single.high - single.low);
  });
});
