import { mean } from '../../../vision/statistics/mean-and-spread.ts';
import { meanPointIntervals } from '../../readings/point-interval.ts';
import type { Series, SeriesPoint } from '../../readings/series.ts';
import type { Curve, CurvePoint } from '../charts/curves.ts';
import { percentFactor, scoreNumber, scoreText, sparsityText } from '../page/numbers.ts';
import { distinct, lineOf, sameSparsity, sparsitiesOf } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';

/** The mean of several scores of a line, each counting the same, where all have a value; the band is that of the seeds' means. */
export function meanCurves(study: Study, series: readonly Series[], name: string): (line: Line) => Curve {
  const intervalOf = meanPointIntervals({});
  return (line) => {
    const own = series.filter((one) => lineOf(study, one) === line);
    const points = sparsitiesOf(own).flatMap((sparsity): CurvePoint[] => {
      const at = own.flatMap((one) => one.points.filter((point) => sameSparsity(point.sparsity, sparsity)));
      if (at.length < own.length || at.some((point) => point.summary === undefined)) return [];
      const bySeed = seedMeans(at);
      const centre = mean(at.map((point) => point.summary!.mean))!;
      const { unit } = own[0]!;
      const factor = percentFactor(unit) ?? 1;
      const images = intervalOf(at);
      const [low, high] = [Math.min(centre, ...bySeed), Math.max(centre, ...bySeed)];
      const lines = [
        `${line.label} at ${sparsityText(sparsity)} sparsity`,
        `${name}: ${scoreText(centre, unit)}`,
        ...(bySeed.length < 2 ? [] : [`seeds: ${scoreNumber(low, unit)} to ${scoreNumber(high, unit)}`]),
        ...(images === undefined
          ? []
          : [`images: ${scoreNumber(images.low, unit)} to ${scoreNumber(images.high, unit)}`]),
      ];
      return [
        {
          sparsity,
          mean: centre * factor,
          low: low * factor,
          high: high * factor,
          ...{ sweet: false, doubted: false },
          images: images && [images.low * factor, images.high * factor],
          door: study.doors.doorOf(
            line.index,
            at.map(({ runs }) => runs),
          ),
          title: lines.join('\n'),
        },
      ];
    });
    return { index: line.index, points };
  };
}

function seedMeans(points: readonly SeriesPoint[]): readonly number[] {
  const seeds = distinct(points.flatMap((point) => point.runs.map((run) => run.seed)));
  return seeds.flatMap((seed) => {
    const means = points.map((point) => point.runs.find((run) => run.seed === seed)?.mean ?? undefined);
    return means.every((one) => one !== undefined) ? [mean(means)!] : [];
  });
}
