import { median } from './mean-and-spread.ts';
import { rememberedDraws } from './null-draws.ts';
import { nullMaxima, overError } from './null-maxima.ts';
import type { TwoWayError } from './two-way-error.ts';

/**
 * Correlations that are tried between the trainings' parts of any two gains. All gains are measured against the same dense
 * model, so that 1/2 is natural (Dunnett 1955), and retraining one from another raises it. Two to five trainings cannot
 * tell, so the one that makes a large t likeliest counts.
 */
const correlations: readonly number[] = [0, 0.5, 0.8, 1];

/** Draws for each; each draw counts with both signs. */
const count = 4000;

/** Gains judged together. */
export interface LargestT {
  /** Of each gain: its standard error, no smaller than the median of all. */
  readonly errors: readonly number[];
  /** What the largest gain over its error exceeds with probability `tail` where nothing gains. */
  readonly critical: number;
  /** Of each gain: the probability that the largest of gains that are none is as large, over its error. */
  readonly p: readonly number[];
}

export interface JointGain extends TwoWayError {
  /** Deviations of all images, the same ones for every gain; zero where an image has no value here. */
  readonly deviations: Float64Array;
}

/**
 * Judges gains at several sparsities together, so that any wrong one among them is no likelier than `tail` (max-T:
 * Westfall and Young 1993; by a parametric bootstrap, since three trainings cannot be resampled).
 *
 * An error that rests on few trainings may be tiny by chance, and t then large. So none is taken for smaller than the
 * median over the sparsities (such a floor: Tusher, Tibshirani and Chu 2001); the simulated gains have the same floor.
 */
export type JudgeTogether = (gains: readonly JointGain[], tail: number) => LargestT;

/** Equal seeds give equal judgements. Draws are shared by all that is judged. */
export function judgeTogether(seed: number): JudgeTogether {
  const drawsOf = rememberedDraws();
  return (gains, tail) => {
    const floor = median(Float64Array.from(gains, (gain) => gain.variance));
    const errors = gains.map((gain) => Math.sqrt(Math.max(gain.variance, floor)));
    const runs = Math.max(...gains.map((gain) => gain.runs));
    const maxima = nullMaxima(
      {
        gains,
        imageFactor: correlationFactor(gains.map(({ deviations }) => deviations)),
        correlations: gains.length > 1 && runs > 1 ? correlations : [0],
      },
      drawsOf({ count, runs, gains: gains.length, seed }),
    );
    const critical = Math.max(
      ...maxima.map((ascending) => ascending[Math.ceil((1 - tail) * ascending.length) - 1]!),
    );
    const p = gains.map((gain, k) => {
      const t = overError(gain.mean, errors[k]!);
      return Math.max(...maxima.map((ascending) => shareFrom(ascending, t)));
    });
    return { errors, critical, p };
  };
}

/** The Cholesky factor of the correlations of columns; what has no scatter correlates with nothing. */
function correlationFactor(columns: readonly Float64Array[]): readonly Float64Array[] {
  const norms = columns.map((column) => Math.sqrt(product(column, column)));
  const factor = columns.map(() => new Float64Array(columns.length));
  columns.forEach((column, k) => {
    const row = factor[k]!;
    let left = 1;
    for (let j = 0; j < k; j++) {
      const scale = norms[k]! * norms[j]!;
      let value = scale > 0 ? product(column, columns[j]!) / scale : 0;
      for (let i = 0; i < j; i++) value -= row[i]! * factor[j]![i]!;
      // Where j is a sum of those before it, its diagonal is zero up to rounding.
      row[j] = factor[j]![j]! > 1e-6 ? value / factor[j]![j]! : 0;
      left -= row[j]! ** 2;
    }
    row[k] = Math.sqrt(Math.max(0, left));
  });
  return factor;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The share of ascending values that are no smaller than `value`; the value itself counts as one of them, so never zero. */
function shareFrom(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! >= value) high = middle;
    else low = middle + 1;
  }
  return (ascending.length - low + 1) / (ascending.length + 1);
}
