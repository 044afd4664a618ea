import { maskLowest } from './mask-lowest.ts';
import type { PruningMethod, Scores } from './method.ts';
import { gradientOptions } from './options.ts';
import { countTogether, standingTogether } from './together.ts';

/**
 * First-order Taylor expansion (Molchanov et al. 2019, equation 8, of single weights): removing a weight changes the loss
 * by about gradient x weight; its square is averaged over batches, and the lowest go.
 */
export const taylor: PruningMethod = {
  name: 'taylor',
  summary: 'the lowest (weight x gradient)^2, averaged over batches of labelled images',
  options: gradientOptions,
  amountOf: 'of all weights together',
  standingAfter: standingTogether,
  scoring: { batches: 16, score: importance },
  prune: ({ scores, masks, amount }) => {
    if (scores === undefined) throw new Error('weights have no scores yet');
    return maskLowest(scores, masks, countTogether(masks, amount).count);
  },
};

/** The root of the sum of squares: the same order as their mean, within the range of float32. */
async function importance(weights: Scores, gradients: AsyncIterable<Scores>): Promise<Scores> {
  const sums = new Map([...weights].map(([name, { length }]) => [name, new Float64Array(length)]));
  for await (const gradient of gradients)
    for (const [name, sum] of sums) {
      const values = gradient.get(name)!;
      const own = weights.get(name)!;
      for (let index = 0; index < sum.length; index += 1) sum[index]! += (values[index]! * own[index]!) ** 2;
    }
  return new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum, Math.sqrt)]));
}
