import type { JointGain, JudgeTogether } from './largest-t.ts';
import { overError } from './null-maxima.ts';
import { studentQuantile, studentTail } from './student.ts';

/**
 * For which claims the confidence holds: `max-t` and `bonferroni` for all sparsities of a score together, `none` for each
 * by itself. `max-t` knows that neighbouring sparsities say much the same, and steadies errors that rest on few trainings.
 */
export type Correction = 'max-t' | 'bonferroni' | 'none';

/** The two-sided interval of a gain, and what its lower end rests on. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  /** One-sided: how often a gain that is none comes out as large, among those it is judged with. Compare with (1 - confidence) / 2. */
  readonly p: number;
}

export function simultaneous(
  gains: readonly JointGain[],
  {
    correction,
    confidence,
    together,
  }: { readonly correction: Correction; readonly confidence: number; readonly together: JudgeTogether },
): readonly Bounds[] {
  if (gains.length === 0) return [];
  const tail = (1 - confidence) / 2;
  if (correction === 'max-t') {
    const { errors, critical, p } = together(gains, tail);
    return gains.map((gain, k) => around(gain.mean, critical * errors[k]!, p[k]!));
  }
  const claims = correction === 'bonferroni' ? gains.length : 1;
  return gains.map((gain) => {
    const error = Math.sqrt(gain.variance);
    const p = Math.min(1, claims * studentTail(overError(gain.mean, error), gain.df));
    return around(gain.mean, studentQuantile(tail / claims, gain.df) * error, p);
  });
}

function around(mean: number, half: number, p: number): Bounds {
  return { low: mean - half, high: mean + half, p };
}
