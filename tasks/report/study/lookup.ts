import type { Series } from '../../readings/series.ts';
import type { Awaited } from '../../readings/place-readings.ts';
import type { DecidedPoint, Decision } from '../../sweet-spots/decision.ts';
import { lineKey } from './study.ts';
import type { Line, Study } from './study.ts';

/** What a score is about: the questions that the study asks of a model. */
export type Aspect = 'localisation' | 'discovery' | 'sets' | 'people' | 'accuracy';

/** Names that data sets give to plain images: not one of the out-of-distribution sets. */
const plainSets: readonly (string | null | undefined)[] = [
  undefined,
  null,
  'train',
  'validation',
  'val',
  'test',
];

export function aspectOf(score: {
  readonly measure: string;
  readonly set?: string | null | undefined;
}): Aspect | undefined {
  switch (score.measure) {
    case 'localisation':
      return 'localisation';
    case 'corloc':
      return 'discovery';
    case 'humans':
      return 'people';
    case 'accuracy':
      return plainSets.includes(score.set) ? 'accuracy' : 'sets';
    default:
      return undefined;
  }
}

/** What the scores of a task of this kind will be about. */
function aspectOfKind({ kind, set }: Awaited): Aspect | undefined {
  switch (kind) {
    case 'localise':
      return 'localisation';
    case 'corloc':
      return 'discovery';
    case 'evaluate':
      return plainSets.includes(set) ? 'accuracy' : 'sets';
    default:
      return undefined;
  }
}

/** Results that will be about this and are not there yet. */
export function awaitedAbout(study: Study, aspect: Aspect): readonly Awaited[] {
  return study.awaited.filter((one) => aspectOfKind(one) === aspect);
}

/** Those that will belong to a series. */
export function awaitedOf(study: Study, series: Series): readonly Awaited[] {
  const aspect = aspectOf(series);
  if (aspect === undefined || study.awaited.length === 0) return [];
  return awaitedAbout(study, aspect).filter(
    (one) =>
      one.model === series.model &&
      one.variant === series.variant &&
      (one.method ?? series.method) === series.method &&
      (one.set ?? series.set) === series.set,
  );
}

export function seriesAbout(study: Study, aspect: Aspect): readonly Series[] {
  return study.series.filter((series) => aspectOf(series) === aspect);
}

/** Accuracy on plain images; where no task evaluated it, what the training found on its validation images. */
export function accuracySeries(study: Study): readonly Series[] {
  const evaluated = seriesAbout(study, 'accuracy');
  const found =
    evaluated.length > 0
      ? evaluated
      : study.series.filter((one) => one.measure === 'training' && one.metric === 'validation_accuracy');
  return mainMetric(found);
}

/** Top-1 where several metrics are told: the first that the tasks name. */
export function mainMetric(series: readonly Series[]): readonly Series[] {
  return series.filter((one) => one.metric === series[0]!.metric);
}

export function lineOf(study: Study, score: { readonly model: string; readonly variant: string }): Line {
  const key = lineKey(score.model, score.variant);
  const line = study.lines.find((one) => one.key === key);
  if (line === undefined) throw new Error(`no line for ${key}`);
  return line;
}

export function decisionFor(study: Study, series: Series): Decision | undefined {
  return study.decisions.find((one) => isAbout(one, series));
}

export function seriesFor(study: Study, decision: Decision): Series | undefined {
  return study.series.find((one) => isAbout(decision, one));
}

function isAbout(decision: Decision, series: Series): boolean {
  return (
    decision.measure === series.measure &&
    decision.metric === series.metric &&
    decision.model === series.model &&
    decision.variant === series.variant &&
    decision.method === (series.method ?? null) &&
    decision.set === (series.set ?? null)
  );
}

export function decidedPoints(decision: Decision | undefined): readonly DecidedPoint[] {
  return decision?.outcome.kind === 'decided' ? decision.outcome.points : [];
}

/** Sweet spots, best gain first. */
export function sweetPoints(decision: Decision | undefined): readonly DecidedPoint[] {
  return decidedPoints(decision)
    .filter((point) => point.verdict === 'sweet-spot')
    .sort((a, b) => (b.gain ?? 0) - (a.gain ?? 0));
}

/** Sparsities are shares of counts: equal rounds differ by rounding in print at most. */
export function sameSparsity(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}

export function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** The sparsities of all series, and of what is awaited of them, ascending. */
export function sparsitiesOf(series: readonly Series[], awaited: readonly Awaited[] = []): readonly number[] {
  const reached = series.flatMap((one) => one.points.map((point) => point.sparsity));
  const ascending = [...reached, ...awaited.map(({ sparsity }) => sparsity)].sort((a, b) => a - b);
  return ascending.filter((sparsity, i) => i === 0 || !sameSparsity(sparsity, ascending[i - 1]!));
}
