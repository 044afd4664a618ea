import { findSweetSpots } from '../../vision/statistics/sweet-spots.ts';
import type { JudgedPoint, ScoredRun } from '../../vision/statistics/sweet-spots.ts';
import type { Reading } from '../readings/reading.ts';
import type { Series } from '../readings/series.ts';
import type { DecidedPoint, Decision, Outcome, Rule } from './decision.ts';

/** Measures that describe how a model was made and not how well it sees. */
const notJudged: readonly string[] = ['training'];

/** Decides for each score of each model at which sparsities it beats its dense self. */
export function decideAll(series: readonly Series[], rule: Rule): readonly Decision[] {
  return series
    .filter((one) => !notJudged.includes(one.measure) && one.points.length > 1)
    .map((one) => decide(one, rule));
}

function decide(series: Series, rule: Rule): Decision {
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
    outcome: outcomeOf(series, rule),
  };
}

function outcomeOf(series: Series, rule: Rule): Outcome {
  const runs = alignedRuns(series);
  const found = findSweetSpots({ ...rule, runs, higherIsBetter: series.higherIsBetter });
  if (found.kind === 'undecidable') return found;
  return {
    kind: 'decided',
    points: found.points.map((point) => decidedPoint(point, runs, series.higherIsBetter)),
  };
}

/** Each run's values in the order of the images that every run scored. */
function alignedRuns(series: Series): readonly ScoredRun[] {
  const all = series.points.flatMap((point) => point.runs);
  const shared = sharedItems(all);
  const seeds = [...new Set(all.map((reading) => reading.seed))];
  return seeds.map((seed) => ({
    run: seed,
    points: series.points.flatMap((point) => {
      const reading = point.runs.find((run) => run.seed === seed);
      return reading === undefined ? [] : [{ sparsity: point.sparsity, values: valuesOf(reading, shared) }];
    }),
  }));
}

function sharedItems(readings: readonly Reading[]): readonly string[] {
  const lists = [...new Set(readings.map((reading) => reading.items))];
  const [first = [], ...others] = lists;
  const sets = others.map((list) => new Set(list));
  return others.length === 0 ? first : first.filter((item) => sets.every((set) => set.has(item)));
}

function valuesOf(reading: Reading, items: readonly string[]): readonly (number | null)[] {
  if (reading.items === items) return reading.values;
  const place = new Map(reading.items.map((item, i) => [item, i]));
  return items.map((item) => reading.values[place.get(item)!] ?? null);
}

function decidedPoint(point: JudgedPoint, runs: readonly ScoredRun[], higherIsBetter: boolean): DecidedPoint {
  return {
    sparsity: point.sparsity,
    images: point.images,
    score: point.score?.mean ?? null,
    gain: point.gain?.mean ?? null,
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
