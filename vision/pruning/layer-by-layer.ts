import { sizeOf } from '../models/layout.ts';
import { pruneCount } from './amount.ts';
import { sparsityOf, type Masks } from './masks.ts';
import type { AmountRequest, PruneRequest } from './method.ts';
import type { LayerStanding, Standing } from './standing.ts';

/** What one layer loses. */
export interface LayerCut {
  readonly name: string;
  /** Its place among the layers. */
  readonly index: number;
  /** Unmasked weights before. */
  readonly left: number;
  readonly count: number;
}

/** Prunes each layer by itself: the amount is of each. */
export function pruneEach(
  { weights, masks, amount }: PruneRequest,
  prune: (cut: LayerCut, only: Masks) => Masks,
): Masks {
  const result = new Map<string, Uint8Array>();
  [...weights.keys()].forEach((name, index) => {
    const only = new Map([[name, masks.get(name)!]]);
    const { pruned, total } = sparsityOf(only);
    const count = pruneCount(total - pruned, amount, total);
    for (const [entry, mask] of prune({ name, index, left: total - pruned, count }, only))
      result.set(entry, mask);
  });
  return result;
}

/** After each layer was pruned by itself: known of every layer that was known before. */
export function standingEach(before: Standing, { amount }: AmountRequest): Standing {
  const layers = before.layers.map((layer): LayerStanding => {
    const size = sizeOf(layer.shape);
    const { pruned } = layer;
    if (pruned === undefined || amount === undefined) return { ...layer, pruned: undefined };
    // A count beyond what is left: the run will say so.
    if (amount.kind === 'count' && amount.count > size - pruned) return { ...layer, pruned: undefined };
    return { ...layer, pruned: pruned + pruneCount(size - pruned, amount, size) };
  });
  return { layers, pooled: layers.some(({ pruned }) => pruned === undefined) ? undefined : 0 };
}
