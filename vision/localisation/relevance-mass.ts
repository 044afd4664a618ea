import type { GroundTruth } from './ground-truth.ts';
import { namedCase, totalRelevance } from './measurement.ts';
import type { Measurement } from './measurement.ts';

/**
 * Relevance mass accuracy: the share of the relevance that lies inside the mask (paper, eq. 1; Arras et al. 2022, eq. 4).
 * `pooled` is non-negative relevance, one a pixel.
 */
export function relevanceMass(pooled: Float64Array, truth: GroundTruth): Measurement {
  const total = totalRelevance(pooled, truth);
  const named = namedCase(truth, total);
  if (named !== undefined) return named;
  let within = 0;
  for (let i = 0; i < pooled.length; i++) if (truth.inside[i] === 1) within += pooled[i]!;
  return { kind: 'measured', value: within / total };
}
