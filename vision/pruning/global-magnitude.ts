import { maskLowest } from './mask-lowest.ts';
import type { PruningMethod } from './method.ts';
import { countTogether, standingTogether } from './together.ts';

/**
 * Global unstructured L1 pruning (Han et al. 2015; PyTorch's `global_unstructured` with `L1Unstructured`): the smallest
 * magnitudes among all unmasked weights of the model go. Of equal magnitudes the one of lower flat index goes first.
 */
export const globalMagnitude: PruningMethod = {
  name: 'global-magnitude',
  summary: 'the smallest magnitudes over all layers together',
  options: {},
  amountOf: 'of all weights together',
  standingAfter: standingTogether,
  prune: ({ weights, masks, amount }) => maskLowest(weights, masks, countTogether(masks, amount).count),
};
