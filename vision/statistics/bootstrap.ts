import { mean, quantileOfSorted } from './mean-and-spread.ts';
import { randomFrom } from '../random/random.ts';

/** How many resamples are drawn, from which seed, and how wide an interval is read off them. */
export interface BootstrapOptions {
  /** Default 1000. */
  readonly resamples?: number;
  /** Share of the resampled means inside the interval; default 0.95. */
  readonly confidence?: number;
  /** Default 0: the same values give the same interval. */
  readonly seed?: number;
}

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile interval of a mean (Efron and Tibshirani, 1993, chapter 13). Undefined for no values; for one value the
 * interval is that value.
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  options: BootstrapOptions = {},
): Interval | undefined {
  const centre = mean(values);
  if (centre === undefined) return undefined;
  const draws = resampleIndices(values.length, options);
  return { mean: centre, ...percentileInterval(resampledMeans(values, draws), options.confidence ?? 0.95) };
}

/** Row r holds the `count` indices of resample r. Shared by all that is compared on the same images (paired bootstrap). */
export interface ResampleIndices {
  readonly count: number;
  readonly resamples: number;
  readonly indices: Uint32Array;
}

export function resampleIndices(count: number, options: BootstrapOptions = {}): ResampleIndices {
  const resamples = options.resamples ?? 1000;
  const random = randomFrom(options.seed ?? 0);
  const indices = new Uint32Array(count * resamples);
  for (let i = 0; i < indices.length; i++) indices[i] = random.integer(count);
  return { count, resamples, indices };
}

/** The mean of `values` under each resample. `values` has `draws.count` entries. */
export function resampledMeans(values: ArrayLike<number>, draws: ResampleIndices): Float64Array {
  const { count, resamples, indices } = draws;
  const means = new Float64Array(resamples);
  for (let r = 0, place = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[indices[place++]!]!;
    means[r] = sum / count;
  }
  return means;
}

/** The middle `confidence` share of resampled means. */
export function percentileInterval(
  means: Float64Array,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const ascending = Float64Array.from(means).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantileOfSorted(ascending, tail), high: quantileOfSorted(ascending, 1 - tail) };
}
