import { pruneEach, standingEach } from './layer-by-layer.ts';
import { maskLowest } from './mask-lowest.ts';
import type { PruningMethod } from './method.ts';

/** Each layer loses its own smallest magnitudes (Han et al. 2015; PyTorch's `l1_unstructured` on each module). */
export const layerMagnitude: PruningMethod = {
  name: 'layer-magnitude',
  summary: 'the smallest magnitudes of each layer',
  options: {},
  amountOf: 'of each layer',
  standingAfter: standingEach,
  prune: (request) =>
    pruneEach(request, ({ name, count }, only) =>
      maskLowest(new Map([[name, request.weights.get(name)!]]), only, count),
    ),
};
