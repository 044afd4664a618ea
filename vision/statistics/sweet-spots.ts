import { bootstrapIntervals } from './bootstrap.ts';
import type { BootstrapOptions, Interval } from './bootstrap.ts';
import { gainErrors } from './gain-errors.ts';
import { judgeTogether } from './largest-t.ts';
import type { JudgeTogether } from './largest-t.ts';
import { densePoint, distinctSparsities, isSame, pairedValues } from './paired-values.ts';
import type { PairedValues, ScoredRun } from './paired-values.ts';
import { mean, sampleDeviation } from './mean-and-spread.ts';
import { simultaneous } from './simultaneous.ts';
import type { Bounds, Correction } from './simultaneous.ts';
import { canTell, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** One score of one model along its sparsities, over one or more training runs. */
export interface SweetSpotRequest extends BootstrapOptions {
  /** One training run (seed) each. */
  readonly runs: readonly ScoredRun[];
  /** Whether a larger score is the better one. */
  readonly higherIsBetter: boolean;
  /** The image that each value belongs to, where images have several (objects): whole images are drawn. */
  readonly clusters?: readonly string[] | undefined;
  /** What makes the confidence hold for all sparsities of the score together; default `max-t`. */
  readonly correction?: Correction;
  /**
   * `interval` (default): the gain has to be clear of chance over images and trainings. `spread`: clear over images, and larger than
   * the standard deviation of the runs' gains, which is a weaker demand the more runs there are.
   */
  readonly overSeeds?: 'interval' | 'spread';
  /** One for many requests of the same `seed`: they share its draws. */
  readonly together?: JudgeTogether;
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
  /** Runs in which this sparsity and the dense model were scored. */
  readonly runs: number;
  /** Images (or objects) with a value in every run. */
  readonly images: number;
  /** Score over images and runs, with the interval over images. Undefined where no image has a value. */
  readonly score: Interval | undefined;
  /** Sample standard deviation of the runs' mean scores; undefined for one run. */
  readonly scoreSpread: number | undefined;
  /** Score minus the dense model's score on the same images and runs, signed so that positive is better. The interval is over images alone. */
  readonly gain: Interval | undefined;
  /** The gain's interval over images and runs, for all sparsities together if so corrected; over images alone for one run. Undefined for the dense model and without values. */
  readonly bounds: Bounds | undefined;
  /** Sample standard deviation of the runs' gains; undefined for one run. */
  readonly gainSpread: number | undefined;
  readonly verdict: Verdict;
}

/**
 * Decides at which sparsities a model scores better than its dense self by more than chance.
 *
 * A sparsity is a sweet spot where both hold:
 * 1. over images: the lower end of the paired bootstrap interval of the gain lies above zero. The same images are drawn
 *    for the sparse and the dense model, so that hard images cancel. Fewer images with a gain or loss than a sign test needs
 *    (6 at 95 %) never suffice;
 * 2. over images and runs: the lower end of the interval for both (`twoWayError`) lies above zero, for all sparsities
 *    together (`correction`). With one run nothing is known of other trainings: the interval is over images
 *    alone, and `runs` says so.
 */
export function findSweetSpots(request: SweetSpotRequest): SweetSpots {
  const runs = request.runs.filter((run) => densePoint(run) !== undefined);
  if (runs.length === 0) return { kind: 'undecidable', reason: 'no-dense-model' };
  const lengths = new Set(runs.flatMap((run) => run.points.map((point) => point.values.length)));
  if (lengths.size > 1) return { kind: 'undecidable', reason: 'unequal-images' };
  const [images = 0] = lengths;
  if (images === 0) return { kind: 'undecidable', reason: 'no-values' };
  const points = judge(request, runs);
  return {
    kind: 'decided',
    confidence: request.confidence ?? 0.95,
    resamples: request.resamples ?? 1000,
    runs: runs.length,
    points,
    sweetSpots: points
      .filter((point) => point.verdict === 'sweet-spot')
      .sort((a, b) => b.gain!.mean - a.gain!.mean)
      .map((point) => point.sparsity),
  };
}

function judge(request: SweetSpotRequest, runs: readonly ScoredRun[]): readonly JudgedPoint[] {
  const { confidence = 0.95, correction = 'max-t', overSeeds = 'interval', clusters } = request;
  const sign = request.higherIsBetter ? 1 : -1;
  const all = distinctSparsities(runs).map((sparsity) => pairedValues({ runs, sparsity, sign, clusters }));
  // One image has no scatter to judge by.
  const compared = all.filter((paired) => !isSame(paired.sparsity, 0) && unitsOf(paired).size > 1);
  const bounds = simultaneous(gainErrors(compared, overSeeds === 'interval'), {
    correction,
    confidence,
    together: request.together ?? judgeTogether(request.seed ?? 0),
  });
  const each = 1 - (1 - confidence) / Math.max(1, all.length - 1);
  const intervalOf = bootstrapIntervals({
    ...request,
    confidence: correction === 'bonferroni' ? each : confidence,
  });
  return all.map((paired) => {
    const gain = intervalOf(overRuns(paired, paired.gains), paired.clusters);
    const bound = bounds[compared.indexOf(paired)];
    const gainSpread = spreadOf(paired, paired.gains);
    return {
      sparsity: paired.sparsity,
      runs: paired.gains.length,
      images: paired.kept.length,
      score: intervalOf(overRuns(paired, paired.scores), paired.clusters),
      scoreSpread: spreadOf(paired, paired.scores),
      gain,
      bounds: bound,
      gainSpread,
      verdict: isSame(paired.sparsity, 0)
        ? 'dense'
        : verdictOf({
            gain,
            enough: canTell(unitsOf(paired, isChanged).size, correction === 'none' ? confidence : each),
            runs: paired.gains.length,
            bounds: overSeeds === 'interval' || correction === 'max-t' ? bound : undefined,
            spread: overSeeds === 'spread' ? gainSpread : undefined,
          }),
    };
  });
}

function overRuns({ kept }: PairedValues, perRun: readonly (readonly number[])[]): readonly number[] {
  return kept.map((_, i) => mean(perRun.map((values) => values[i]!))!);
}

function spreadOf({ kept }: PairedValues, perRun: readonly (readonly number[])[]): number | undefined {
  return kept.length === 0 ? undefined : sampleDeviation(perRun.map((values) => mean(values)!));
}

/** The images (or clusters) of the kept values that are `wanted`. */
function unitsOf(
  paired: PairedValues,
  wanted: (paired: PairedValues, i: number) => boolean = () => true,
): ReadonlySet<unknown> {
  return new Set(
    paired.kept.flatMap((place, i) => (wanted(paired, i) ? [paired.clusters?.[i] ?? place] : [])),
  );
}

/** Whether anything changed there: other images say nothing of the side. */
function isChanged({ gains }: PairedValues, i: number): boolean {
  return gains.some((values) => values[i] !== 0);
}
