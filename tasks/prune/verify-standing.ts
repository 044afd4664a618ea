import { sparsityOf, type Masks } from '../../vision/pruning/masks.ts';
import { prunedOf, type Standing } from '../../vision/pruning/standing.ts';

/** Whether masks are as many, and lie where, a standing says. */
export function masksStandAs(masks: Masks, standing: Standing): boolean {
  const expected = prunedOf(standing);
  return (
    masks.size === standing.layers.length &&
    (expected === undefined || sparsityOf(masks).pruned === expected) &&
    standing.layers.every(
      ({ name, pruned }) => pruned === undefined || countMasked(masks.get(name)) === pruned,
    )
  );
}

function countMasked(mask: Uint8Array | undefined): number | undefined {
  return mask && sparsityOf(new Map([['', mask]])).pruned;
}
