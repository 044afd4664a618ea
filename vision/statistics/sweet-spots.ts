import { bootstrapIntervals } from './bootstrap.ts';
import type { BootstrapOptions, Interval, IntervalOf } from './bootstrap.ts';
import { mean, sampleDeviation } from './mean-and-spread.ts';

/** One score of one model along its sparsities, over one or more training runs. */
export interface SweetSpotRequest extends BootstrapOptions {
  /** One training run (seed) each. */
  readonly runs: readonly ScoredRun[];
  /** Whether a larger score is the better one. */
  readonly higherIsBetter: boolean;
  /** The image that each value belongs to, where images have several (objects): whole images are drawn. */
  readonly clusters?: readonly string[] | undefined;
  /** `bonferroni` widens each interval so that the confidence holds for all sparsities together; default `none`. */
  readonly correction?: 'none' | 'bonferroni';
}

export interface ScoredRun {
  /** Whatever tells runs apart, usually the seed. */
  readonly run: string;
  readonly points: readonly ScoredPoint[];
}

interface ScoredPoint {
  /** Share of pruned weights in 0..1; 0 is the dense model. Runs are matched by it (to 1e-6). */
  readonly sparsity: number;
  /** One value an image, the images in the same order for every point and run; null is a named case without a value. */
  readonly values: readonly (number | null)[];
}

export type SweetSpots =
  | {
      readonly kind: 'decided';
      readonly confidence: number;
      readonly resamples: number;
      /** Runs that have a dense model; the others cannot be compared. */
      readonly runs: number;
      /** By rising sparsity; the first is the dense model. */
      readonly points: readonly JudgedPoint[];
      /** Sparsities that are sweet spots, best gain first. */
      readonly sweetSpots: readonly number[];
    }
  /** No run has a point of sparsity 0, or the points' lists of images differ in length. */
  | { readonly kind: 'undecidable'; readonly reason: 'no-dense-model' | 'unequal-images' | 'no-values' };

export interface JudgedPoint {
  readonly sparsity: number;
  /** Runs in which this sparsity was scored. */
  readonly runs: number;
  /** Images (or objects) with a value in every run. */
  readonly images: number;
  /** Score over images and runs, with the interval over images. Undefined where no image has a value. */
  readonly score: Interval | undefined;
  /** Sample standard deviation of the runs' mean scores; undefined for one run. */
  readonly scoreSpread: number | undefined;
  /** Score minus the dense model's score on the same images and runs, signed so that positive is better. */
  readonly gain: Interval | undefined;
  /** Sample standard deviation of the runs' gains; undefined for one run. */
  readonly gainSpread: number | undefined;
  readonly verdict: Verdict;
}

/** `within-images`: the interval over images reaches zero, or there are too few images to tell. `within-seeds`: the gain is no larger than its spread over runs. */
export type Verdict = 'dense' | 'sweet-spot' | 'within-images' | 'within-seeds' | 'not-better' | 'no-values';

/**
 * Decides at which sparsities a model scores better than its dense self by more than chance.
 *
 * A sparsity is a sweet spot where both hold:
 * 1. over images: the lower end of the paired bootstrap interval of the gain lies above zero. The same images are drawn
 *    for the sparse and the dense model, so that hard images cancel. Fewer images than a sign test needs (6 at 95 %)
 *    never suffice;
 * 2. over seeds: the mean gain is larger than the sample standard deviation of the runs' gains. With one run this part
 *    cannot be asked, and `runs` says so.
 */
export function findSweetSpots(request: SweetSpotRequest): SweetSpots {
  const runs = request.runs.filter((run) => densePoint(run) !== undefined);
  if (runs.length === 0) return { kind: 'undecidable', reason: 'no-dense-model' };
  const lengths = new Set(runs.flatMap((run) => run.points.map((point) => point.values.length)));
  if (lengths.size > 1) return { kind: 'undecidable', reason: 'unequal-images' };
  const [images = 0] = lengths;
  if (images === 0) return { kind: 'undecidable', reason: 'no-values' };

  const sparsities = distinctSparsities(runs);
  const asked = request.confidence ?? 0.95;
  const comparisons = request.correction === 'bonferroni' ? Math.max(1, sparsities.length - 1) : 1;
  const confidence = 1 - (1 - asked) / comparisons;
  const intervalOf = bootstrapIntervals({ ...request, confidence });
  const { clusters } = request;
  const sign = request.higherIsBetter ? 1 : -1;
  const points = sparsities.map((sparsity) =>
    judge({ runs, sparsity, sign, confidence, intervalOf, clusters }),
  );
  return {
    kind: 'decided',
    confidence,
    resamples: request.resamples ?? 1000,
    runs: runs.length,
    points,
    sweetSpots: points
      .filter((point) => point.verdict === 'sweet-spot')
      .sort((a, b) => b.gain!.mean - a.gain!.mean)
      .map((point) => point.sparsity),
  };
}

interface Judging {
  readonly runs: readonly ScoredRun[];
  readonly sparsity: number;
  readonly sign: 1 | -1;
  readonly confidence: number;
  readonly intervalOf: IntervalOf;
  readonly clusters: readonly string[] | undefined;
}

function judge({ runs, sparsity, sign, confidence, intervalOf, clusters }: Judging): JudgedPoint {
  const pairs = runs.flatMap((run) => {
    const point = run.points.find((candidate) => isSame(candidate.sparsity, sparsity));
    return point === undefined ? [] : [{ sparse: point.values, dense: densePoint(run)!.values }];
  });
  const kept = indicesWithValues(pairs);
  const keptClusters = clusters && kept.map((i) => clusters[i]!);
  const scores = pairs.map((pair) => kept.map((i) => pair.sparse[i]!));
  const gains = pairs.map((pair) => kept.map((i) => sign * (pair.sparse[i]! - pair.dense[i]!)));
  const interval = (perRun: readonly (readonly number[])[]): Interval | undefined => {
    const perImage = kept.map((_, i) => mean(perRun.map((values) => values[i]!))!);
    return intervalOf(perImage, keptClusters);
  };
  const spread = (perRun: readonly (readonly number[])[]): number | undefined =>
    kept.length === 0 ? undefined : sampleDeviation(perRun.map((values) => mean(values)!));
  const gain = interval(gains);
  const gainSpread = spread(gains);
  return {
    sparsity,
    runs: pairs.length,
    images: kept.length,
    score: interval(scores),
    scoreSpread: spread(scores),
    gain,
    gainSpread,
    verdict: isSame(sparsity, 0)
      ? 'dense'
      : verdictOf({
          gain,
          gainSpread,
          enough: canTell(new Set<unknown>(keptClusters ?? kept).size, confidence),
        }),
  };
}

/**
 * Whether so many images can speak at all: without any effect all of them agree on a side with probability 2^(1 - images)
 * (sign test), which has to be below the error allowed. A bootstrap of fewer would call their agreement certain.
 */
export function canTell(images: number, confidence: number): boolean {
  return 2 ** (1 - images) <= 1 - confidence;
}

function verdictOf(found: {
  readonly gain: Interval | undefined;
  readonly gainSpread: number | undefined;
  readonly enough: boolean;
}): Verdict {
  const { gain, gainSpread, enough } = found;
  if (gain === undefined) return 'no-values';
  if (gain.mean <= 0) return 'not-better';
  if (gain.low <= 0 || !enough) return 'within-images';
  if (gainSpread !== undefined && gain.mean <= gainSpread) return 'within-seeds';
  return 'sweet-spot';
}

function densePoint(run: ScoredRun): ScoredPoint | undefined {
  return run.points.find((point) => isSame(point.sparsity, 0));
}

function indicesWithValues(
  pairs: readonly {
    readonly sparse: readonly (number | null)[];
    readonly dense: readonly (number | null)[];
  }[],
): number[] {
  const count = pairs[0]?.sparse.length ?? 0;
  return Array.from({ length: count }, (_, i) => i).filter((i) =>
    pairs.every((pair) => pair.sparse[i] !== null && pair.dense[i] !== null),
  );
}

function distinctSparsities(runs: readonly ScoredRun[]): number[] {
  const ascending = runs.flatMap((run) => run.points.map((point) => point.sparsity)).sort((a, b) => a - b);
  return ascending.filter((sparsity, i) => i === 0 || !isSame(sparsity, ascending[i - 1]!));
}

/** Sparsities are counts over a total, so that equal rounds give equal numbers up to rounding in print. */
function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}
