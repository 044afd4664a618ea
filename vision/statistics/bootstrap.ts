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
 * The interval of the mean of `values`. `clusters` names for each what it belongs to (the image of an object): then whole
 * clusters are drawn, since what is seen in one image is no independent evidence. Undefined for no values; for one value
 * the interval is that value.
 */
export type IntervalOf = (values: readonly number[], clusters?: readonly string[]) => Interval | undefined;

/**
 * Percentile intervals of means (Efron and Tibshirani, 1993, chapter 13; clusters: section 8.6). All from the same draws,
 * so that what is compared on the same images is compared under the same resamples (paired bootstrap).
 */
export function bootstrapIntervals(options: BootstrapOptions = {}): IntervalOf {
  const { confidence = 0.95 } = options;
  const drawn = new Map<number, ResampleIndices>();
  return (values, clusters) => {
    const centre = mean(values);
    if (centre === undefined) return undefined;
    const units = clusters === undefined ? { sums: values, sizes: undefined } : gather(values, clusters);
    const count = units.sums.length;
    const draws = drawn.get(count) ?? resampleIndices(count, options);
    drawn.set(count, draws);
    return { mean: centre, ...percentileInterval(resampledMeans(units, draws), confidence) };
  };
}

/** What is drawn: sums of values, and how many values each sum has. Undefined sizes: one each. */
interface Units {
  readonly sums: ArrayLike<number>;
  readonly sizes: ArrayLike<number> | undefined;
}

function gather(values: readonly number[], clusters: readonly string[]): Units {
  const places = new Map<string, number>();
  const sums: number[] = [];
  const sizes: number[] = [];
  values.forEach((value, i) => {
    const place = places.get(clusters[i]!) ?? sums.length;
    places.set(clusters[i]!, place);
    sums[place] = (sums[place] ?? 0) + value;
    sizes[place] = (sizes[place] ?? 0) + 1;
  });
  return { sums, sizes };
}

/** Row r holds the `count` indices of resample r. */
interface ResampleIndices {
  readonly count: number;
  readonly resamples: number;
  readonly indices: Uint32Array;
}

function resampleIndices(count: number, options: BootstrapOptions): ResampleIndices {
  const resamples = options.resamples ?? 1000;
  const random = randomFrom(options.seed ?? 0);
  const indices = new Uint32Array(count * resamples);
  for (let i = 0; i < indices.length; i++) indices[i] = random.integer(count);
  return { count, resamples, indices };
}

/** The mean over the values of all units under each resample. */
function resampledMeans(
  { sums, sizes }: Units,
  { count, resamples, indices }: ResampleIndices,
): Float64Array {
  const means = new Float64Array(resamples);
  for (let r = 0, place = 0; r < resamples; r++) {
    let sum = 0;
    let size = sizes === undefined ? count : 0;
    for (let i = 0; i < count; i++) {
      const unit = indices[place++]!;
      sum += sums[unit]!;
      if (sizes !== undefined) size += sizes[unit]!;
    }
    means[r] = sum / size;
  }
  return means;
}

/** The middle `confidence` share of resampled means. */
function percentileInterval(
  means: Float64Array,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const ascending = Float64Array.from(means).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantileOfSorted(ascending, tail), high: quantileOfSorted(ascending, 1 - tail) };
}
