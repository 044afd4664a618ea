import type { Interval } from './bootstrap.ts';
import { studentQuantile } from './student.ts';
import { twoWayError } from './two-way-error.ts';
import { unitTable } from './unit-table.ts';
import { canTell } from './verdict.ts';

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
  /** Images with all four values in every run. */
  readonly images: number;
}

/**
 * Whether a gain says more than its control does. A control (randomised weights, other images' masks, a dense model of
 * equal accuracy) has the same score for reasons that have nothing to do with what is claimed. The gain passes where
 * both lie above zero: the score less the control's score (else the control is as good), and the gain less the control's gain (else
 * the control gains as much). Each by its interval over images and runs (`twoWayError`, Student's t); over images alone where there is
 * one run. A gain has to pass every control, and a control both parts, so their number makes no wrong claim likelier.
 */
export function checkControl(
  runs: readonly ControlledValues[],
  {
    sign,
    confidence,
    clusters,
  }: {
    /** -1 where less is better. */
    readonly sign: 1 | -1;
    readonly confidence: number;
    /** The image of each value, where images have several. */
    readonly clusters?: readonly string[] | undefined;
  },
): ControlCheck {
  const lists = runs.flatMap((run) => [run.sparse, run.dense, run.controlSparse, run.controlDense]);
  const kept = [...(lists[0]?.keys() ?? [])].filter((i) => lists.every((list) => (list[i] ?? null) !== null));
  const images = kept.length;
  if (images === 0) return { verdict: 'no-values', level: undefined, gain: undefined, images };
  const keptClusters = clusters && kept.map((i) => clusters[i]!);
  const levels = runs.map((run) => kept.map((i) => sign * (run.sparse[i]! - run.controlSparse[i]!)));
  const ofDense = runs.map((run) => kept.map((i) => sign * (run.dense[i]! - run.controlDense[i]!)));
  const gains = levels.map((values, run) => values.map((value, i) => value - ofDense[run]![i]!));
  const level = intervalOf(levels, keptClusters, confidence);
  const gain = intervalOf(gains, keptClusters, confidence);
  const enough = canTell(new Set<unknown>(keptClusters ?? kept).size, confidence);
  return { verdict: enough && level.low > 0 && gain.low > 0 ? 'passed' : 'failed', level, gain, images };
}

function intervalOf(
  perRun: readonly (readonly number[])[],
  clusters: readonly string[] | undefined,
  confidence: number,
): Interval {
  const { mean, variance, df } = twoWayError(unitTable(perRun, clusters).table);
  const half = studentQuantile((1 - confidence) / 2, df) * Math.sqrt(variance);
  return { mean, low: mean - half, high: mean + half };
}
