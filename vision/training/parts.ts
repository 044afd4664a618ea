import type { Network } from '../models/network.ts';
import type { FlatParameters } from './flat-parameters.ts';
import type { Optimiser, OptimiserSettings } from './optimisers/optimiser.ts';

/** What stays the same over a training. */
export interface TrainingParts {
  readonly network: Network;
  readonly flat: FlatParameters;
  readonly optimiser: Optimiser;
  readonly settings: OptimiserSettings;
  /** One for all parameters; null: each has its own, in the state. */
  readonly decay: number | null;
  readonly labelSmoothing: number;
  /** Longest gradient; null: any. */
  readonly longestGradient: number | null;
  /** Whether images are blended with one another. */
  readonly mixes: boolean;
}
