import { judgeTogether } from '../../vision/statistics/largest-t.ts';
import type { JudgeTogether } from '../../vision/statistics/largest-t.ts';
import type { ScoredRun } from '../../vision/statistics/paired-values.ts';
import { findSweetSpots } from '../../vision/statistics/sweet-spots.ts';
import type { JudgedPoint } from '../../vision/statistics/sweet-spots.ts';
import type { ControlReadings } from '../readings/collect-readings.ts';
import { scoredRuns } from '../readings/scored-runs.ts';
import type { Series } from '../readings/series.ts';
import { checkControls, controlLines, controlsFor } from './controls.ts';
import type { ControlSeries } from './controls.ts';
import type { DecidedPoint, Decision, Outcome, Rule } from './decision.ts';

/** Measures that describe how a model was made and not how well it sees. */
const notJudged: readonly string[] = ['training'];

/** Decides for each score of each model at which sparsities it beats its dense self, and its controls. */
export function decideAll(
  series: readonly Series[],
  rule: Rule,
  controls: readonly ControlReadings[] = [],
): readonly Decision[] {
  const lines = controlLines(controls);
  const together = judgeTogether(rule.seed);
  return series
    .filter((one) => !notJudged.includes(one.measure) && one.points.length > 1)
    .map((one) => decide(one, { rule, together, controls: controlsFor(lines, one) }));
}

interface Judging {
  readonly rule: Rule;
  /** One for all scores: they share its draws. */
  readonly together: JudgeTogether;
  readonly controls: readonly ControlSeries[];
}

function decide(series: Series, judging: Judging): Decision {
  const { measure, metric, unit, higherIsBetter, model, variant } = series;
  const method = series.method ?? null;
  const set = series.set ?? null;
  return {
    measure,
    metric,
    unit,
    higherIsBetter,
    model,
    variant,
    method,
    set,
    outcome: outcomeOf(series, judging),
  };
}

function outcomeOf(series: Series, { rule, together, controls }: Judging): Outcome {
  const { higherIsBetter } = series;
  const { runs, clusters, listed } = scoredRuns(series);
  const found = findSweetSpots({
    ...rule,
    overSeeds: rule.over_seeds,
    runs,
    higherIsBetter,
    clusters,
    together,
  });
  if (found.kind === 'undecidable') return found;
  return {
    kind: 'decided',
    points: found.points.map((point) => ({
      ...decidedPoint(point, runs, higherIsBetter),
      missing: listed - point.images,
      controls:
        point.verdict === 'sweet-spot'
          ? checkControls({ series, sparsity: point.sparsity, controls, confidence: rule.confidence })
          : [],
    })),
  };
}

function decidedPoint(
  point: JudgedPoint,
  runs: readonly ScoredRun[],
  higherIsBetter: boolean,
): Omit<DecidedPoint, 'controls' | 'missing'> {
  return {
    sparsity: point.sparsity,
    images: point.images,
    score: point.score?.mean ?? null,
    gain: point.gain?.mean ?? null,
    interval: point.bounds === undefined ? null : [point.bounds.low, point.bounds.high],
    p: point.bounds?.p ?? null,
    imageInterval: point.gain === undefined ? null : [point.gain.low, point.gain.high],
    seedSpread: point.gainSpread ?? null,
    seedGains: seedGains(runs, point.sparsity, higherIsBetter),
    verdict: point.verdict,
  };
}

function seedGains(runs: readonly ScoredRun[], sparsity: number, higherIsBetter: boolean): readonly number[] {
  const sign = higherIsBetter ? 1 : -1;
  return runs.flatMap(({ points }) => {
    const sparse = points.find((point) => point.sparsity === sparsity)?.values;
    const dense = points.find((point) => point.sparsity === 0)?.values;
    if (sparse === undefined || dense === undefined) return [];
    const differences = sparse.flatMap((value, i) => {
      const other = dense[i] ?? null;
      return value === null || other === null ? [] : [sign * (value - other)];
    });
    if (differences.length === 0) return [];
    return [differences.reduce((sum, value) => sum + value, 0) / differences.length];
  });
}
