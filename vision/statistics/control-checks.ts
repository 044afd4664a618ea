import type { Interval, IntervalOf } from './bootstrap.ts';
import { canTell } from './sweet-spots.ts';

/** A score's values at a sparsity and at the dense model's, and those of its control; one an image, null without a value. */
export interface ControlledValues {
  readonly sparse: readonly (number | null)[];
  readonly dense: readonly (number | null)[];
  readonly controlSparse: readonly (number | null)[];
  readonly controlDense: readonly (number | null)[];
}

export interface ControlCheck {
  readonly verdict: 'passed' | 'failed' | 'no-values';
  /** The score less the control's score at the same sparsity. Undefined where no image has all four values. */
  readonly level: Interval | undefined;
  /** The gain over dense less the control's gain over its dense model. */
  readonly gain: Interval | undefined;
  /** Images with all four values. */
  readonly images: number;
}

/**
 * Whether a gain says more than its control does. A control (randomised weights, other images' masks, a dense model of
 * equal accuracy) has the same score for reasons that have nothing to do with what is claimed. The gain passes where, by
 * the paired bootstrap over images, both lie above zero: the score less the control's score (else the control is as good),
 * and the gain less the control's gain (else the control gains as much).
 */
export function checkControl(
  values: ControlledValues,
  {
    sign,
    intervalOf,
    confidence,
    clusters,
  }: {
    /** -1 where less is better. */
    readonly sign: 1 | -1;
    readonly intervalOf: IntervalOf;
    readonly confidence: number;
    readonly clusters?: readonly string[] | undefined;
  },
): ControlCheck {
  const { sparse, dense, controlSparse, controlDense } = values;
  const all = [sparse, dense, controlSparse, controlDense];
  const kept = [...sparse.keys()].filter((i) => all.every((list) => (list[i] ?? null) !== null));
  const keptClusters = clusters && kept.map((i) => clusters[i]!);
  const overControl = (i: number): number => sign * (sparse[i]! - controlSparse[i]!);
  const denseOverControl = (i: number): number => sign * (dense[i]! - controlDense[i]!);
  const level = intervalOf(kept.map(overControl), keptClusters);
  const gain = intervalOf(
    kept.map((i) => overControl(i) - denseOverControl(i)),
    keptClusters,
  );
  const images = kept.length;
  if (level === undefined || gain === undefined) return { verdict: 'no-values', level, gain, images };
  const enough = canTell(new Set<unknown>(keptClusters ?? kept).size, confidence);
  return { verdict: enough && level.low > 0 && gain.low > 0 ? 'passed' : 'failed', level, gain, images };
}
