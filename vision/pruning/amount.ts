/**
 * How much one pruning takes of what it ranks: a fraction of what is left, an absolute number, or as many as bring it to
 * a sparsity. What is ranked is the method's own: weights of all layers together, of each layer, or filters.
 */
export type PruningAmount =
  | { readonly kind: 'fraction'; readonly fraction: number }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'sparsity'; readonly sparsity: number };

/**
 * How many of `left` unmasked ones go, of `total` with those that are masked already. Shares are rounded half to even, by
 * PyTorch's rule (torch.nn.utils.prune). A sparsity that is reached already takes none. Throws an `AmountError` for a count
 * beyond what is left.
 */
export function pruneCount(left: number, amount: PruningAmount, total: number = left): number {
  switch (amount.kind) {
    case 'fraction':
      return roundHalfToEven(share(amount.fraction) * left);
    case 'sparsity':
      return Math.max(0, roundHalfToEven(share(amount.sparsity) * total) - (total - left));
    case 'count':
      if (!Number.isInteger(amount.count) || amount.count < 0)
        throw new Error(`not a count: ${amount.count}`);
      if (amount.count > left) throw new AmountError(amount.count, left);
      return amount.count;
  }
}

/** More is to be pruned than there is: carries what was found to the caller of the method. */
export class AmountError extends Error {
  readonly count: number;
  readonly left: number;
  constructor(count: number, left: number) {
    super(`${count} of ${left} cannot be pruned`);
    this.count = count;
    this.left = left;
  }
}

function share(value: number): number {
  if (!(value >= 0 && value <= 1)) throw new Error(`not a fraction: ${value}`);
  return value;
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
