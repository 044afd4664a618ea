import { mean } from './mean-and-spread.ts';
import type { Interval, IntervalOf } from './bootstrap.ts';

/** What one score says of images; several values an image where it has several objects. */
export interface ScoredImages {
  /** The image of each value. */
  readonly images: readonly string[];
  /** [run][value]: a row a training, the same trainings in the same order for every score. */
  readonly perRun: readonly (readonly number[])[];
}

/** The mean over scores, as a table for `twoWayError`. */
export interface MeanTable {
  /** Of any of the scores, each once. */
  readonly images: readonly string[];
  /** One row a run, one column an image. The mean of a row is the run's mean over scores. */
  readonly table: readonly Float64Array[];
}

/**
 * The mean over scores of their means over images, laid open by image. Scores may be of the same images (RMA and RRA of a map), of
 * others (two sets), or of some that they share; an image is one unit, whatever it is scored for, so that scores that err together on
 * it are not taken for so many witnesses. With K scores, N images in all, and score k on m images by n values y:
 *
 *     cell[r][i] = M[r] + 1/K · sum over k of  c · N/n · sum over k's values of image i of (y - mean of k in r),    M[r]: mean over scores
 *
 * the image's part in the mean to first order (its empirical influence: Efron and Tibshirani 1993, section 21.3; for ratios
 * Cochran 1977, section 6.3). With c² = m (N - 1) / ((m - 1) N) the scatter of the cells gives the sum of the scores' own variances where none share
 * images, however few one has; where all do, c is 1 and a cell is the plain mean over scores. Which scores there are is no matter of chance.
 *
 * Undefined where a score has values of fewer than two images: nothing is known of its scatter.
 */
export function meanTable(scores: readonly ScoredImages[]): MeanTable | undefined {
  const places = new Map<string, number>();
  for (const { images } of scores)
    for (const image of images) if (!places.has(image)) places.set(image, places.size);
  const all = places.size;
  const own = scores.map(({ images }) => new Set(images).size);
  if (scores.length === 0 || own.some((count) => count < 2)) return undefined;
  const runs = scores[0]!.perRun.length;
  const table = Array.from({ length: runs }, (_, run) => {
    const means = scores.map(({ perRun }) => mean(perRun[run]!)!);
    const row = new Float64Array(all).fill(mean(means)!);
    scores.forEach(({ images, perRun }, k) => {
      const few = Math.sqrt((own[k]! * (all - 1)) / ((own[k]! - 1) * all));
      const weight = (few * all) / (images.length * scores.length);
      perRun[run]!.forEach((value, j) => {
        row[places.get(images[j]!)!]! += weight * (value - means[k]!);
      });
    });
    return row;
  });
  return { images: [...places.keys()], table };
}

/**
 * The interval of the mean over scores, over images for these trainings: whole images are drawn, each with all that it is scored for.
 * Undefined as `meanTable` is.
 */
export function meanInterval(scores: readonly ScoredImages[], intervalOf: IntervalOf): Interval | undefined {
  const found = meanTable(scores);
  return found && intervalOf(byImage(found));
}

/** Of each image, the mean over runs. */
export function byImage({ images, table }: MeanTable): readonly number[] {
  return images.map((_, i) => mean(table.map((row) => row[i]!))!);
}
