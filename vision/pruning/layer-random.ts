import { randomFrom } from '../random/random.ts';
import { pruneEach, standingEach } from './layer-by-layer.ts';
import { maskRandom } from './mask-random.ts';
import { sparsityOf } from './masks.ts';
import type { PruningMethod } from './method.ts';
import { seedOption } from './options.ts';

/** Each layer loses weights chosen at random (PyTorch's `random_unstructured` on each module). */
export const layerRandom: PruningMethod = {
  name: 'layer-random',
  summary: 'weights of each layer chosen at random',
  options: { seed: seedOption },
  amountOf: 'of each layer',
  standingAfter: standingEach,
  prune: (request) => {
    const { pruned } = sparsityOf(request.masks);
    return pruneEach(request, ({ name, index, left, count }, only) =>
      maskRandom([name], only, { left, count, random: randomFrom(request.seed, pruned, index) }),
    );
  },
};
