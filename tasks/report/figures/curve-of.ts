import type { Series, SeriesPoint } from '../../readings/series.ts';
import type { Interval } from '../../../vision/statistics/bootstrap.ts';
import { failsControl } from '../../sweet-spots/decision.ts';
import type { Curve, CurveHole, CurvePoint } from '../charts/curves.ts';
import { gainText, percentFactor, scoreNumber, scoreText, sparsityText } from '../page/numbers.ts';
import { awaitedOf, decidedPoints, decisionFor, lineOf, sameSparsity } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import { controlsNote } from './gain-table.ts';

/** A series as it is drawn: in display units, with its sweet spots ringed. */
export function curveOf(study: Study, series: Series, name: string): Curve {
  const decided = decidedPoints(decisionFor(study, series));
  const line = lineOf(study, series);
  const factor = percentFactor(series.unit) ?? 1;
  const points = series.points.flatMap((point): CurvePoint[] => {
    if (point.summary === undefined) return [];
    const { mean, low, high } = point.summary;
    const judged = decided.find((one) => sameSparsity(one.sparsity, point.sparsity));
    const sweet = judged?.verdict === 'sweet-spot';
    const gain = sweet
      ? `\nSweet spot: ${gainText(judged.gain, series.unit)} over dense${controlsNote(judged)}`
      : '';
    const interval = study.intervalOf(point);
    return [
      {
        sparsity: point.sparsity,
        mean: mean * factor,
        low: low * factor,
        high: high * factor,
        sweet,
        doubted: judged !== undefined && failsControl(judged),
        door: study.doors.doorOf(line.index, [point.runs]),
        images: interval === undefined ? undefined : [interval.low * factor, interval.high * factor],
        title: `${line.label} at ${sparsityText(point.sparsity)} sparsity\n${name}: ${scoreText(mean, series.unit)}${spreadText(point, series.unit)}${imagesText(interval, series.unit)}${gain}`,
      },
    ];
  });
  const holes = awaitedOf(study, series).map(({ sparsity, seed }): CurveHole => ({
    sparsity,
    title: `${line.label} at ${sparsityText(sparsity)} sparsity${seed === '' ? '' : `, seed ${seed}`}\n${name}: still to come`,
  }));
  return { index: line.index, points, ...(holes.length === 0 ? {} : { holes }) };
}

function spreadText({ runs, summary }: SeriesPoint, unit: string): string {
  if (runs.length < 2 || summary === undefined) return '';
  return ` (seeds ${scoreNumber(summary.low, unit)} to ${scoreNumber(summary.high, unit)})`;
}

function imagesText(interval: Interval | undefined, unit: string): string {
  if (interval === undefined) return '';
  return `\nimages: ${scoreNumber(interval.low, unit)} to ${scoreNumber(interval.high, unit)}`;
}

/** All values that curves reach, bands and bars included: what a shared axis must hold. */
export function reach(curves: readonly Curve[]): readonly number[] {
  return curves.flatMap((curve) =>
    curve.points.flatMap((point) => [point.low, point.high, ...(point.images ?? [])]),
  );
}
