import { randomFrom } from '../random/random.ts';
import { pruneCount } from './amount.ts';
import { sparsityOf, type Masks } from './masks.ts';
import type { PruneRequest, PruningMethod } from './method.ts';

/** A uniformly random choice among all unmasked weights: the control that says what magnitude is worth. */
export const randomGlobal: PruningMethod = {
  name: 'random',
  summary: 'weights chosen at random over all layers together',
  seeded: true,
  prune: pruneRandom,
};

/** Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S): one pass, exactly `count` chosen. */
function pruneRandom({ weights, masks, amount, seed }: PruneRequest): Masks {
  const { pruned, total } = sparsityOf(masks);
  const random = randomFrom(seed, pruned);
  let alive = total - pruned;
  let wanted = pruneCount(alive, amount);
  const result = new Map<string, Uint8Array>();
  for (const name of weights.keys()) {
    const mask = masks.get(name)!.slice();
    for (let index = 0; index < mask.length; index += 1) {
      if (mask[index] === 0) continue;
      if (random.uniform() * alive < wanted) {
        mask[index] = 0;
        wanted -= 1;
      }
      alive -= 1;
    }
    result.set(name, mask);
  }
  return result;
}
