import { randomFrom } from '../random/random.ts';
import { maskRandom } from './mask-random.ts';
import { sparsityOf } from './masks.ts';
import type { PruningMethod } from './method.ts';
import { seedOption } from './options.ts';
import { countTogether, standingTogether } from './together.ts';

/** A uniformly random choice among all unmasked weights: the control that says what magnitude is worth. */
export const randomGlobal: PruningMethod = {
  name: 'random',
  summary: 'weights chosen at random over all layers together',
  options: { seed: seedOption },
  amountOf: 'of all weights together',
  standingAfter: standingTogether,
  prune: ({ weights, masks, amount, seed }) => {
    const random = randomFrom(seed, sparsityOf(masks).pruned);
    return maskRandom(weights.keys(), masks, { ...countTogether(masks, amount), random });
  },
};
