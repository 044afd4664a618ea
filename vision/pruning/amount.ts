/** How much one pruning takes: a fraction of what is left, or an absolute number of weights. */
export type PruningAmount =
  | { readonly kind: 'fraction'; readonly fraction: number }
  | { readonly kind: 'count'; readonly count: number };

/**
 * Weights to prune of `remaining` unmasked ones, by PyTorch's rule (torch.nn.utils.prune): the fraction's product is
 * rounded half to even. A count beyond what is left is a bug of the caller.
 */
export function pruneCount(remaining: number, amount: PruningAmount): number {
  switch (amount.kind) {
    case 'fraction':
      if (!(amount.fraction >= 0 && amount.fraction <= 1))
        throw new Error(`not a fraction: ${amount.fraction}`);
      return roundHalfToEven(amount.fraction * remaining);
    case 'count':
      if (!Number.isInteger(amount.count) || amount.count < 0 || amount.count > remaining)
        throw new Error(`${amount.count} of ${remaining} weights cannot be pruned`);
      return amount.count;
  }
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The sparsity after a pruning of `total` prunable weights that were at `sparsity`; exact, since both are ratios of counts. */
export function sparsityAfter(total: number, sparsity: number, amount: PruningAmount): number {
  const pruned = Math.round(sparsity * total);
  return (pruned + pruneCount(total - pruned, amount)) / total;
}
