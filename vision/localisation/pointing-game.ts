import type { GroundTruth } from './ground-truth.ts';
import { namedCase, totalRelevance } from './measurement.ts';
import type { Measurement } from './measurement.ts';

/**
 * Pointing game: 1 where the most relevant pixel lies inside the mask, else 0 (Zhang et al. 2018, section 4.1, with no
 * margin around the object). Ties go to the higher flat index, as in the relevance rank.
 */
export function pointingGame(pooled: Float64Array, truth: GroundTruth): Measurement {
  const named = namedCase(truth, totalRelevance(pooled, truth));
  if (named !== undefined) return named;
  let best = -1;
  for (let i = 0; i < pooled.length; i++) {
    if (truth.counted[i] === 1 && (best < 0 || pooled[i]! >= pooled[best]!)) best = i;
  }
  return { kind: 'measured', value: truth.inside[best]! };
}
