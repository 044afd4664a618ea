import type { GroundTruth } from './ground-truth.ts';

/**
 * A localisation score in 0..1, or the reason why there is none.
 *
 * A full mask scores 1 whatever the heatmap: the value is right but says nothing, so that it is named too.
 */
export type Measurement =
  | { readonly kind: 'measured'; readonly value: number }
  | { readonly kind: 'full-mask'; readonly value: 1 }
  | { readonly kind: 'empty-mask' }
  | { readonly kind: 'zero-relevance' };

/** The case that the mask and the sum of relevance put an image into before anything is measured. */
export function namedCase(truth: GroundTruth, totalRelevance: number): Measurement | undefined {
  if (truth.insideCount === 0) return { kind: 'empty-mask' };
  if (!(totalRelevance > 0)) return { kind: 'zero-relevance' };
  if (truth.insideCount === truth.countedCount) return { kind: 'full-mask', value: 1 };
  return undefined;
}

/** Sum of the relevance of all pixels that count. */
export function totalRelevance(pooled: Float64Array, truth: GroundTruth): number {
  let total = 0;
  for (let i = 0; i < pooled.length; i++) if (truth.counted[i] === 1) total += pooled[i]!;
  return total;
}

/** The number of a measurement, or null for a named case without one. */
export function valueOf(measurement: Measurement): number | null {
  switch (measurement.kind) {
    case 'measured':
    case 'full-mask':
      return measurement.value;
    case 'empty-mask':
    case 'zero-relevance':
      return null;
  }
}
