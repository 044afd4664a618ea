import type { ScoredRun } from '../../vision/statistics/paired-values.ts';
import { imagesOf, sharedItems, valuesOf } from './align.ts';
import type { Series } from './series.ts';

/** A series as statistics take it: each run's values in the order of the items that every run scored. */
export interface ScoredRuns {
  readonly runs: readonly ScoredRun[];
  /** The items, which are images where `clusters` is undefined. */
  readonly items: readonly string[];
  /** The image of each item, where images have several. */
  readonly clusters: readonly string[] | undefined;
  /** Items that any run scored. */
  readonly listed: number;
}

export function scoredRuns(series: Series): ScoredRuns {
  const readings = series.points.flatMap((point) => point.runs);
  const items = sharedItems(readings);
  const seeds = [...new Set(readings.map((reading) => reading.seed))];
  const runs = seeds.map((seed) => ({
    run: seed,
    points: series.points.flatMap((point) => {
      const reading = point.runs.find((run) => run.seed === seed);
      return reading === undefined ? [] : [{ sparsity: point.sparsity, values: valuesOf(reading, items) }];
    }),
  }));
  const listed = new Set([...new Set(readings.map((reading) => reading.items))].flat()).size;
  return { runs, items, clusters: imagesOf(readings, items), listed };
}
