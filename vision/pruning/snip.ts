import type { PruningAmount } from './amount.ts';
import { sparsityOf, type Masks } from './masks.ts';
import { maskLowest } from './mask-lowest.ts';
import type { PruneRequest, PruningMethod, Scores } from './method.ts';
import { gradientOptions, textOption } from './options.ts';
import { pooledLayers } from './standing.ts';
import { countTogether, standingTogether } from './together.ts';

/**
 * SNIP (Lee et al. 2019, equation 6): the connections go whose removal would change the loss the least, by the score
 * |weight x gradient| on one batch. More batches: the gradient of their mean loss.
 */
export const snip: PruningMethod = {
  name: 'snip',
  summary: 'the lowest |weight x gradient| on a batch of labelled images',
  options: {
    ...gradientOptions,
    cut: {
      enum: ['exact', 'threshold'],
      default: 'exact',
      description:
        'exact: just the amount goes, ties by their place; threshold: the amount is rounded down, and all that tie with the last to go go too.',
    },
  },
  amountOf: 'of all weights together',
  standingAfter: (before, request) =>
    request.options['cut'] === 'threshold'
      ? pooledLayers(before.layers, undefined)
      : standingTogether(before, request),
  scoring: { batches: 1, score: connectionSensitivity },
  prune: (request) => {
    const { scores, masks, amount, options } = request;
    if (scores === undefined) throw new Error('connections have no scores yet');
    if (textOption(options, 'cut') === 'threshold') return cutAtThreshold(request, scores);
    return maskLowest(scores, masks, countTogether(masks, amount).count);
  },
};

async function connectionSensitivity(weights: Scores, gradients: AsyncIterable<Scores>): Promise<Scores> {
  const scores = new Map([...weights].map(([name, { length }]) => [name, new Float32Array(length)]));
  for await (const gradient of gradients)
    for (const [name, sum] of scores) {
      const values = gradient.get(name)!;
      for (let index = 0; index < sum.length; index += 1) sum[index]! += values[index]!;
    }
  // The scale of a mean over batches would change no order.
  for (const [name, sum] of scores) {
    const values = weights.get(name)!;
    for (let index = 0; index < sum.length; index += 1) sum[index] = Math.abs(sum[index]! * values[index]!);
  }
  return scores;
}

/** All that score at most what the last of them does go, as implementations do that compare with the threshold. */
function cutAtThreshold({ masks, amount }: PruneRequest, scores: Scores): Masks {
  const lowest = maskLowest(scores, masks, roundedDown(masks, amount));
  let threshold = -1;
  for (const [name, mask] of lowest) {
    const before = masks.get(name)!;
    const values = scores.get(name)!;
    mask.forEach((alive, index) => {
      if (alive !== before[index]) threshold = Math.max(threshold, values[index]!);
    });
  }
  return new Map(
    [...lowest].map(([name, mask]) => {
      const values = scores.get(name)!;
      return [name, mask.map((alive, index) => (values[index]! <= threshold ? 0 : alive))];
    }),
  );
}

function roundedDown(masks: Masks, amount: PruningAmount): number {
  const { pruned, total } = sparsityOf(masks);
  switch (amount.kind) {
    case 'fraction':
      return Math.floor(amount.fraction * (total - pruned));
    case 'sparsity':
      return Math.max(0, Math.floor(amount.sparsity * total) - pruned);
    case 'count':
      return countTogether(masks, amount).count;
  }
}
