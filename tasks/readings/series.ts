import type { Reading } from './reading.ts';

/** One score of one model along its sparsities. */
export interface Series {
  readonly measure: string;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  readonly model: string;
  readonly variant: string;
  readonly method: string | undefined;
  readonly set: string | undefined;
  /** By rising sparsity. */
  readonly points: readonly SeriesPoint[];
}

export interface SeriesPoint {
  /** Mean over the runs, which differ by a few weights at most. */
  readonly sparsity: number;
  readonly position: number | undefined;
  /** By seed, in the order of the inputs. */
  readonly runs: readonly Reading[];
  /** Over the runs' means; undefined where no run has a value. */
  readonly summary: { readonly mean: number; readonly low: number; readonly high: number } | undefined;
}

/** Groups readings into lines, in the order in which they first occur. */
export function seriesOf(readings: readonly Reading[]): readonly Series[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    const { measure, metric, model, variant, method, set } = reading;
    pushTo(groups, JSON.stringify([measure, metric, model, method, set, variant]), reading);
  }
  const all = [...groups.values()].map((group) => {
    const { measure, metric, unit, higherIsBetter, model, variant, method, set } = group[0]!;
    return { measure, metric, unit, higherIsBetter, model, variant, method, set, points: pointsOf(group) };
  });
  return shareCommonPoints(all);
}

function pointsOf(readings: readonly Reading[]): readonly SeriesPoint[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    // Structured pruning may cut a few weights more with one seed than with another, so the position leads.
    const key = reading.position === undefined ? `at ${reading.sparsity.toFixed(6)}` : `#${reading.position}`;
    pushTo(groups, key, reading);
  }
  return [...groups.values()]
    .map((runs) => pointOf(runs))
    .sort((a, b) => a.sparsity - b.sparsity || (a.position ?? 0) - (b.position ?? 0));
}

function pointOf(runs: readonly Reading[]): SeriesPoint {
  const first = runs[0]!;
  const equal = runs.every((run) => run.sparsity === first.sparsity);
  const sparsity = equal ? first.sparsity : runs.reduce((sum, run) => sum + run.sparsity, 0) / runs.length;
  const means = runs.flatMap((run) => (run.mean === null ? [] : [run.mean]));
  const summary =
    means.length === 0
      ? undefined
      : {
          mean: means.reduce((sum, value) => sum + value, 0) / means.length,
          low: Math.min(...means),
          high: Math.max(...means),
        };
  return { sparsity, position: first.position, runs, summary };
}

/** What no variant axis reaches (the dense model that every pruning strategy starts from) belongs to every variant. */
function shareCommonPoints(all: readonly Series[]): readonly Series[] {
  const family = (series: Series): string =>
    JSON.stringify([series.measure, series.metric, series.model, series.method, series.set]);
  const common = new Map(
    all.filter((series) => series.variant === '').map((series) => [family(series), series]),
  );
  const withVariants = new Set(all.filter((series) => series.variant !== '').map(family));
  return all.flatMap((series) => {
    if (series.variant === '') return withVariants.has(family(series)) ? [] : [series];
    const shared = common.get(family(series))?.points ?? [];
    const missing = shared.filter((point) => !series.points.some((own) => own.sparsity === point.sparsity));
    return [{ ...series, points: [...missing, ...series.points].sort((a, b) => a.sparsity - b.sparsity) }];
  });
}

function pushTo<T>(groups: Map<string, T[]>, key: string, item: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
