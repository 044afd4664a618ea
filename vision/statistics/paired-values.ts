export interface ScoredRun {
  /** Whatever tells runs apart, usually the seed. */
  readonly run: string;
  readonly points: readonly ScoredPoint[];
}

export interface ScoredPoint {
  /** Share of pruned weights in 0..1; 0 is the dense model. Runs are matched by it (to 1e-6). */
  readonly sparsity: number;
  /** One value an image, the images in the same order for every point and run; null is a named case without a value. */
  readonly values: readonly (number | null)[];
}

/** A sparsity's values and those of its dense models, of each run that has both, on the images with a value in all. */
export interface PairedValues {
  readonly sparsity: number;
  /** Places of those images, ascending. */
  readonly kept: readonly number[];
  /** Images in the lists, with or without values. */
  readonly listed: number;
  /** What each kept value belongs to; undefined: itself. */
  readonly clusters: readonly string[] | undefined;
  /** [run][kept image] */
  readonly scores: readonly (readonly number[])[];
  /** [run][kept image]: score less the dense model's, positive where better. */
  readonly gains: readonly (readonly number[])[];
}

/** Pairs by run and image. */
export function pairedValues({
  runs,
  sparsity,
  sign,
  clusters,
}: {
  readonly runs: readonly ScoredRun[];
  readonly sparsity: number;
  /** -1 where less is better. */
  readonly sign: 1 | -1;
  readonly clusters: readonly string[] | undefined;
}): PairedValues {
  const pairs = runs.flatMap((run) => {
    const sparse = run.points.find((point) => isSame(point.sparsity, sparsity));
    const dense = densePoint(run);
    return sparse === undefined || dense === undefined
      ? []
      : [{ sparse: sparse.values, dense: dense.values }];
  });
  const listed = pairs[0]?.sparse.length ?? 0;
  const kept = Array.from({ length: listed }, (_, i) => i).filter((i) =>
    pairs.every((pair) => pair.sparse[i] !== null && pair.dense[i] !== null),
  );
  return {
    sparsity,
    kept,
    listed,
    clusters: clusters && kept.map((i) => clusters[i]!),
    scores: pairs.map((pair) => kept.map((i) => pair.sparse[i]!)),
    gains: pairs.map((pair) => kept.map((i) => sign * (pair.sparse[i]! - pair.dense[i]!))),
  };
}

export function densePoint(run: ScoredRun): ScoredPoint | undefined {
  return run.points.find((point) => isSame(point.sparsity, 0));
}

/** Ascending. */
export function distinctSparsities(runs: readonly ScoredRun[]): number[] {
  const ascending = runs.flatMap((run) => run.points.map((point) => point.sparsity)).sort((a, b) => a - b);
  return ascending.filter((sparsity, i) => i === 0 || !isSame(sparsity, ascending[i - 1]!));
}

/** Sparsities are counts over a total, so that equal rounds give equal numbers up to rounding in print. */
export function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}
