import { pruneCount, type PruningAmount } from './amount.ts';
import { sparsityOf, type Masks } from './masks.ts';
import type { AmountRequest } from './method.ts';
import { pooledLayers, prunedOf, totalOf, type Standing } from './standing.ts';

/** Weights to prune of all layers together, and how many are left before. */
export function countTogether(
  masks: Masks,
  amount: PruningAmount,
): { readonly left: number; readonly count: number } {
  const { pruned, total } = sparsityOf(masks);
  return { left: total - pruned, count: pruneCount(total - pruned, amount, total) };
}

/** After a ranking of all layers together: how many are masked is known, in which layers they lie is not. */
export function standingTogether(before: Standing, { amount }: AmountRequest): Standing {
  const total = totalOf(before);
  const pruned = prunedOf(before);
  const { layers } = before;
  // A count beyond what is left: the run will say so.
  if (amount === undefined || pruned === undefined || beyond(amount, total - pruned))
    return pooledLayers(layers, undefined);
  return pooledLayers(layers, pruned + pruneCount(total - pruned, amount, total));
}

function beyond(amount: PruningAmount, left: number): boolean {
  return amount.kind === 'count' && amount.count > left;
}
