import type { Layers } from '../../models/layer-set.ts';
import { tf } from '../../tensors/index.ts';
import { relevanceLayers } from './relevance-layers.ts';
import { epsilonRule } from './rules.ts';
import { withRelevance } from './with-relevance.ts';

/**
 * What Captum's `LRP` computes on a ResNet with its default rule, to compare with. A residual sum is no module there: its whole
 * relevance goes to *both* branches, and a shortcut without modules multiplies what it hands on by its value. So relevance is
 * not conserved, and grows from block to block. (Its norms are layers of their own, which amounts to merging them.)
 */
export function captumLayers(usual: Layers): Layers {
  const composite = { first: epsilonRule, convolution: epsilonRule, dense: epsilonRule };
  const layers = relevanceLayers(usual, { composite, epsilon: 1e-9 });
  // What a module made. A shortcut that is not among them is the block's input itself, or a selection of it.
  const made = new WeakSet<tf.Tensor>();
  return {
    ...layers,
    normedConvolution: (...request) => {
      const map = layers.normedConvolution(...request);
      made.add(map);
      return map;
    },
    add: (branch, shortcut) =>
      withRelevance([branch, shortcut], {
        forward: ([a, b]) => tf.add(a!, b!),
        back: ({ inputs: [, b], relevance }) => [
          relevance.clone(),
          made.has(shortcut) ? relevance.clone() : tf.mul(relevance, b!),
        ],
      }) as typeof branch,
  };
}
