import { bootstrapIntervals } from '../../vision/statistics/bootstrap.ts';
import type { BootstrapOptions, Interval } from '../../vision/statistics/bootstrap.ts';
import { meanInterval } from '../../vision/statistics/mean-of-scores.ts';
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

  function find(point: SeriesPoint): Interval | undefined {
    const { values, images } = valuedImages(point);
    return values.length < 2 ? undefined : intervalOf(values, images);
  }
}

/** The same of a mean over scores, one point of each: whole images are drawn, with all the scores that they have. */
export function meanPointIntervals(
  options: BootstrapOptions,
): (points: readonly SeriesPoint[]) => Interval | undefined {
  const intervalOf = bootstrapIntervals(options);
  return (points) => {
    const scores = points.map((point) => {
      const { values, items, images = items } = valuedImages(point);
      return { images, perRun: [values] };
    });
    return meanInterval(scores, intervalOf);
  };
}

/** Of the items with a value, its mean over the runs. */
function valuedImages({ runs }: SeriesPoint): {
  readonly values: readonly number[];
  readonly items: readonly string[];
  /** The image of each, where images have several. */
  readonly images: readonly string[] | undefined;
} {
  const items = sharedItems(runs);
  const images = imagesOf(runs, items);
  const means = meansOverRuns(runs, items);
  const kept = [...means.keys()].filter((i) => means[i] !== null);
  return {
    values: kept.map((i) => means[i]!),
    items: kept.map((i) => items[i]!),
    images: images && kept.map((i) => images[i]!),
  };
}
