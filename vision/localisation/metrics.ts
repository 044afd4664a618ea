import { energyPointing } from './energy-pointing.ts';
import type { GroundTruth } from './ground-truth.ts';
import type { Heatmap } from './heatmap.ts';
import type { Measurement } from './measurement.ts';
import { pointingGame } from './pointing-game.ts';
import { relevanceMass } from './relevance-mass.ts';
import { relevanceRank } from './relevance-rank.ts';

/** All that a localisation metric may look at. */
interface Evidence {
  readonly heatmap: Heatmap;
  /** The heatmap pooled over channels, as `poolChannels` gives it. */
  readonly pooled: Float64Array;
  readonly truth: GroundTruth;
  /** Pixels by which the pointing game may miss. */
  readonly margin: number;
}

export interface LocalisationMetric {
  readonly name: LocalisationMetricName;
  readonly summary: string;
  readonly measure: (evidence: Evidence) => Measurement;
}

export type LocalisationMetricName = 'rma' | 'rra' | 'pointing' | 'energy';

/** Every localisation metric; all are fractions, and more is better. */
export const localisationMetrics: readonly LocalisationMetric[] = [
  {
    name: 'rma',
    summary: 'share of the relevance inside the mask',
    measure: ({ pooled, truth }) => relevanceMass(pooled, truth),
  },
  {
    name: 'rra',
    summary: 'share of the most relevant pixels inside the mask',
    measure: ({ pooled, truth }) => relevanceRank(pooled, truth),
  },
  {
    name: 'pointing',
    summary: 'whether the most relevant pixel lies inside the mask (or within `margin` of it)',
    measure: ({ heatmap, pooled, truth, margin }) =>
      pointingGame(pooled, truth, { width: heatmap.width, margin }),
  },
  {
    name: 'energy',
    summary: "share of the positive relevance inside the mask's box",
    measure: ({ heatmap, truth }) => energyPointing(heatmap, truth),
  },
];
