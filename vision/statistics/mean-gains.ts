import { bootstrapIntervals } from './bootstrap.ts';
import type { BootstrapOptions, Interval } from './bootstrap.ts';
import { judgeTogether } from './largest-t.ts';
import type { JointGain, JudgeTogether } from './largest-t.ts';
import { byImage, meanTable } from './mean-of-scores.ts';
import type { MeanTable, ScoredImages } from './mean-of-scores.ts';
import { densePoint, isSame, pairedValues } from './paired-values.ts';
import type { ScoredRun } from './paired-values.ts';
import { simultaneous } from './simultaneous.ts';
import type { Bounds, Correction } from './simultaneous.ts';
import { twoWayError } from './two-way-error.ts';

/** One of the scores that a mean is over. */
export interface MeanScore {
  /** Runs of the same name are the same training in every score. */
  readonly runs: readonly ScoredRun[];
  readonly higherIsBetter: boolean;
  /** The image of each value: images of the same name are the same in every score. */
  readonly images: readonly string[];
}

/** As for `findSweetSpots`, of the mean over scores. */
export interface MeanGainsRequest extends BootstrapOptions {
  readonly scores: readonly MeanScore[];
  /** Those of the mean, dense excepted: judged together. */
  readonly sparsities: readonly number[];
  readonly correction?: Correction;
  readonly overSeeds?: 'interval' | 'spread';
  readonly together?: JudgeTogether;
}

/** The gain of a mean over scores. */
export interface MeanGained {
  readonly sparsity: number;
  /** Trainings in which every score has this sparsity and the dense model. */
  readonly runs: number;
  /** Interval over images alone: paired bootstrap, each image with all its scores in both models. */
  readonly gain: Interval;
  /** Over images and trainings, by `correction` for all sparsities; over images alone with one run, or where trainings are not asked. */
  readonly bounds: Bounds;
}

/**
 * How far a mean over scores may be from what other images and trainings would give: `twoWayError` of `meanTable`, as for a single
 * score. Scores must be of one unit. A sparsity is left out where the scores have no training in common, or one of them no two images.
 */
export function meanGains(request: MeanGainsRequest): readonly MeanGained[] {
  const { confidence = 0.95, correction = 'max-t', overSeeds = 'interval' } = request;
  const tables = request.sparsities.flatMap((sparsity) => {
    const found = meanTable(gainsAt(request.scores, sparsity));
    return found === undefined ? [] : [{ sparsity, ...found }];
  });
  const bounds = simultaneous(errorsOf(tables, overSeeds === 'interval'), {
    correction,
    confidence,
    together: request.together ?? judgeTogether(request.seed ?? 0),
  });
  const intervalOf = bootstrapIntervals(request);
  return tables.map(({ sparsity, images, table }, k) => ({
    sparsity,
    runs: table.length,
    gain: intervalOf(byImage({ images, table }))!,
    bounds: bounds[k]!,
  }));
}

/** Every score's gains in the trainings that all of them have. */
function gainsAt(scores: readonly MeanScore[], sparsity: number): readonly ScoredImages[] {
  const has = ({ points }: ScoredRun): boolean => points.some((point) => isSame(point.sparsity, sparsity));
  const inAll = scores.map(
    ({ runs }) => new Set(runs.filter((run) => has(run) && densePoint(run)).map(({ run }) => run)),
  );
  const shared = [...(inAll[0] ?? [])].filter((name) => inAll.every((names) => names.has(name)));
  return scores.map(({ runs, higherIsBetter, images }) => {
    const { gains, clusters } = pairedValues({
      runs: shared.map((name) => runs.find(({ run }) => run === name)!),
      sparsity,
      sign: higherIsBetter ? 1 : -1,
      clusters: images,
    });
    return { images: clusters!, perRun: gains };
  });
}

/** With deviations at the same places for every sparsity, whichever images it has. */
function errorsOf(tables: readonly MeanTable[], withRuns: boolean): readonly JointGain[] {
  const all = new Map([...new Set(tables.flatMap(({ images }) => images))].map((image, i) => [image, i]));
  return tables.map(({ images, table }) => {
    const error = twoWayError(withRuns ? table : [byImage({ images, table })]);
    const deviations = new Float64Array(all.size);
    images.forEach((image, i) => (deviations[all.get(image)!] = error.unitDeviations[i]!));
    return { ...error, deviations };
  });
}
