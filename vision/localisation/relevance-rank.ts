import type { GroundTruth } from './ground-truth.ts';
import { namedCase, totalRelevance } from './measurement.ts';
import type { Measurement } from './measurement.ts';

/**
 * Relevance rank accuracy: of the N most relevant pixels, the share that lies inside a mask of N pixels (paper, eq. 2;
 * Arras et al. 2022, eq. 5).
 */
export function relevanceRank(pooled: Float64Array, truth: GroundTruth): Measurement {
  const named = namedCase(truth, totalRelevance(pooled, truth));
  if (named !== undefined) return named;
  return { kind: 'measured', value: insideAmongHighest(pooled, truth) / truth.insideCount };
}

/**
 * How many of the N highest pixels lie inside, N being the size of the mask. Among equal pixels the higher flat index
 * comes first.
 */
export function insideAmongHighest(pooled: Float64Array, truth: GroundTruth): number {
  const wanted = truth.insideCount;
  if (wanted === 0) return 0;
  const counted = pooled.filter((_, i) => truth.counted[i] === 1).sort();
  const cut = counted[counted.length - wanted]!;
  let hits = 0;
  let above = 0;
  for (let i = 0; i < pooled.length; i++) {
    if (truth.counted[i] !== 1 || !(pooled[i]! > cut)) continue;
    above++;
    hits += truth.inside[i]!;
  }
  // What is left of N is filled by pixels equal to the cut, from the last one backwards.
  for (let i = pooled.length - 1, open = wanted - above; i >= 0 && open > 0; i--) {
    if (truth.counted[i] !== 1 || pooled[i] !== cut) continue;
    open--;
    hits += truth.inside[i]!;
  }
  return hits;
}
