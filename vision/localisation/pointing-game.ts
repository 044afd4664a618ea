import type { GroundTruth } from './ground-truth.ts';
import { namedCase, totalRelevance } from './measurement.ts';
import type { Measurement } from './measurement.ts';

export interface PointingOptions {
  /** Columns of the map. */
  readonly width: number;
  /** How many pixels the point may miss the object by (Zhang et al. 2018: 15, on images of their own size). */
  readonly margin: number;
}

/**
 * Pointing game: 1 where the most relevant pixel lies inside the mask or within `margin` pixels (Euclidean) of one that
 * does, else 0 (Zhang et al. 2018, section 4.1). Ties go to the higher flat index, as in the relevance rank.
 */
export function pointingGame(
  pooled: Float64Array,
  truth: GroundTruth,
  { width, margin }: PointingOptions,
): Measurement {
  const named = namedCase(truth, totalRelevance(pooled, truth));
  if (named !== undefined) return named;
  const point = highest(pooled, truth);
  return { kind: 'measured', value: isNear(truth, point, { width, margin }) ? 1 : 0 };
}

function highest(pooled: Float64Array, truth: GroundTruth): number {
  let best = -1;
  for (let i = 0; i < pooled.length; i++) {
    if (truth.counted[i] === 1 && (best < 0 || pooled[i]! >= pooled[best]!)) best = i;
  }
  return best;
}

/** Whether a pixel of the object lies in the disc around the point. */
function isNear({ inside }: GroundTruth, point: number, { width, margin }: PointingOptions): boolean {
  const [row, column] = [Math.floor(point / width), point % width];
  const reach = Math.floor(margin);
  const rows = inside.length / width;
  for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++) {
    for (let x = Math.max(0, column - reach); x <= Math.min(width - 1, column + reach); x++) {
      const isInDisc = (y - row) ** 2 + (x - column) ** 2 <= margin ** 2;
      if (isInDisc && inside[y * width + x] === 1) return true;
    }
  }
  return false;
}
