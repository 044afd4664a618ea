import type { Masks } from './masks.ts';
import type { PruningAmount } from './amount.ts';

/** A way of choosing which weights go. */
export interface PruningMethod {
  readonly name: string;
  readonly summary: string;
  /** Whether the choice depends on a seed. */
  readonly seeded: boolean;
  /** New masks, with exactly `pruneCount` more zeros over all weights. Masked weights stay masked. */
  readonly prune: (request: PruneRequest) => Masks;
}

export interface PruneRequest {
  /** Prunable weights by name, in the model's order, flat in PyTorch's layout. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly masks: Masks;
  readonly amount: PruningAmount;
  readonly seed: number;
}
