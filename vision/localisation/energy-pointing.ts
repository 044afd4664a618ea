import type { GroundTruth } from './ground-truth.ts';
import type { Heatmap } from './heatmap.ts';
import type { Measurement } from './measurement.ts';
import { relevanceMass } from './relevance-mass.ts';
import { poolChannels } from './pooling.ts';

/**
 * Energy-based pointing game: the share of positive energy that lies inside the object's bounding box (Wang et al. 2020,
 * section 4.2). Here the box is the smallest one around the mask. Only positive evidence counts, whatever the pooling
 * of the other metrics: channels are summed and negative sums dropped.
 */
export function energyPointing(heatmap: Heatmap, truth: GroundTruth): Measurement {
  return relevanceMass(poolChannels(heatmap, 'sum,pos'), boxAround(truth, heatmap.width));
}

/** The ground truth with its foreground grown to the smallest box around it. Ignored pixels stay ignored. */
function boxAround(truth: GroundTruth, width: number): GroundTruth {
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  truth.inside.forEach((value, i) => {
    if (value === 0) return;
    const x = i % width;
    const y = Math.floor(i / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  });
  let insideCount = 0;
  const inside = truth.counted.map((counted, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    const isInside = counted === 1 && x >= left && x <= right && y >= top && y <= bottom;
    if (isInside) insideCount++;
    return isInside ? 1 : 0;
  });
  return { ...truth, inside, insideCount };
}
