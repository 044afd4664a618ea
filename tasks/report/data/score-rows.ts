import { mean } from '../../../vision/statistics/mean-and-spread.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Series, SeriesPoint } from '../../readings/series.ts';
import { controlsVerdict } from '../../sweet-spots/decision.ts';
import type { DecidedPoint } from '../../sweet-spots/decision.ts';
import { decidedPoints, decisionFor, sameSparsity } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';

/**
 * The data behind a figure in long form and at full precision, in the score's own unit: a row for each mark, which is a mean over
 * seeds (`seed` null), and a row for each seed that it is the mean of. Null is what a row does not have.
 */
export interface ScoreRow {
  readonly model: string;
  /** Empty where nothing but the model tells lines apart. */
  readonly variant: string;
  readonly measure: string;
  readonly metric: string;
  readonly unit: string;
  readonly method: string | null;
  readonly set: string | null;
  readonly condition: string | null;
  /** Share of pruned weights in 0..1. */
  readonly sparsity: number;
  readonly seed: string | null;
  /** Runs that the value is the mean of. */
  readonly seeds: number;
  /** Values of images (or objects) in these runs together. */
  readonly images: number;
  readonly value: number | null;
  /** 95 % interval over images: percentile bootstrap, 1,000 resamples. */
  readonly low: number | null;
  readonly high: number | null;
  readonly dense: number | null;
  /** Over dense, positive where better. */
  readonly gain: number | null;
  /** Interval of the gain by the study's rule: over images and trainings, for all sparsities together. */
  readonly gain_low: number | null;
  readonly gain_high: number | null;
  /** Sample standard deviation of the gain over seeds. */
  readonly gain_sd: number | null;
  /** `sweet-spot`, `within-images`, … */
  readonly verdict: string | null;
  /** Of a sweet spot: `passed`, `failed` or `not asked`. */
  readonly controls: string | null;
  /** What people reach in the same, where the score compares with people. */
  readonly people: number | null;
}

/** The rows of some series, one after the other. A series gives the same objects each time. */
export function scoreRows(study: Study, series: readonly Series[]): readonly ScoreRow[] {
  return series.flatMap((one) => {
    const known = made.get(one);
    if (known !== undefined) return known;
    const rows = rowsOf(study, one);
    made.set(one, rows);
    return rows;
  });
}

const made = new WeakMap<Series, readonly ScoreRow[]>();

function rowsOf(study: Study, series: Series): readonly ScoreRow[] {
  const decided = decidedPoints(decisionFor(study, series));
  const dense = series.points.find((point) => point.sparsity === 0);
  return series.points.flatMap((point) => {
    const judged = decided.find((one) => sameSparsity(one.sparsity, point.sparsity));
    return [
      meanRow(study, { series, point, dense, judged }),
      ...point.runs.map((run) => seedRow(series, run, dense)),
    ];
  });
}

interface MeanRequest {
  readonly series: Series;
  readonly point: SeriesPoint;
  readonly dense: SeriesPoint | undefined;
  readonly judged: DecidedPoint | undefined;
}

function meanRow(study: Study, { series, point, dense, judged }: MeanRequest): ScoreRow {
  const interval = study.intervalOf(point);
  return {
    ...emptyRow(series, point.sparsity),
    seeds: point.runs.length,
    images: point.runs.reduce((sum, run) => sum + valued(run), 0),
    value: point.summary?.mean ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    dense: dense?.summary?.mean ?? null,
    gain: judged?.gain ?? null,
    gain_low: judged?.interval?.[0] ?? null,
    gain_high: judged?.interval?.[1] ?? null,
    gain_sd: judged?.seedSpread ?? null,
    verdict: point.sparsity === 0 ? null : (judged?.verdict ?? null),
    controls: judged?.verdict === 'sweet-spot' ? controlsVerdict(judged) : null,
    people: mean(point.runs.flatMap((run) => run.people ?? [])) ?? null,
  };
}

function seedRow(series: Series, run: Reading, dense: SeriesPoint | undefined): ScoreRow {
  const start = dense?.runs.find((one) => one.seed === run.seed)?.mean ?? null;
  const gained =
    run.mean === null || start === null ? null : (run.mean - start) * (series.higherIsBetter ? 1 : -1);
  return {
    ...emptyRow(series, run.sparsity),
    seed: run.seed,
    seeds: 1,
    images: valued(run),
    value: run.mean,
    dense: start,
    gain: gained,
    people: run.people ?? null,
  };
}

/** A row of which only the place is known. */
export function emptyRow(series: Series, sparsity: number): ScoreRow {
  const { model, variant, measure, metric, unit, method = null, set = null } = series;
  return {
    ...{ model, variant, measure, metric, unit, method, set, condition: null, sparsity, seed: null },
    ...{ seeds: 0, images: 0, value: null, low: null, high: null, dense: null, gain: null },
    ...{ gain_low: null, gain_high: null, gain_sd: null, verdict: null, controls: null, people: null },
  };
}

function valued({ values }: Reading): number {
  return values.filter((value) => value !== null).length;
}
