import { bootstrapIntervals } from '../../vision/statistics/bootstrap.ts';
import type { BootstrapOptions, Interval } from '../../vision/statistics/bootstrap.ts';
import { imagesOf, meansOverRuns, sharedItems } from './align.ts';
import type { SeriesPoint } from './series.ts';

export type PointInterval = (point: SeriesPoint) => Interval | undefined;

/**
 * Intervals over images of the scores themselves: percentile bootstrap of the mean, an image's value being its mean over
 * the runs. Undefined where no image has a value, and for a single one. Made when asked for, and remembered.
 */
export function pointIntervals(options: BootstrapOptions): PointInterval {
  const intervalOf = bootstrapIntervals(options);
  const known = new WeakMap<SeriesPoint, { readonly interval: Interval | undefined }>();
  return (point) => {
    const found = known.get(point) ?? { interval: find(point) };
    known.set(point, found);
    return found.interval;
  };

  function find({ runs }: SeriesPoint): Interval | undefined {
    const items = sharedItems(runs);
    const images = imagesOf(runs, items);
    const means = meansOverRuns(runs, items);
    const kept = [...means.keys()].filter((i) => means[i] !== null);
    if (kept.length < 2) return undefined;
    return intervalOf(
      kept.map((i) => means[i]!),
      images && kept.map((i) => images[i]!),
    );
  }
}
