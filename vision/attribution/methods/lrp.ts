import { channelsFirst, imageSize } from '../image-batch.ts';
import { chosenClasses, logitOf } from '../logits.ts';
import { numberOption } from '../method.ts';
import type { AttributionMethod } from '../method.ts';
import { relevanceRules } from '../relevance/rule-names.ts';
import type { RelevanceRule } from '../relevance/rule-names.ts';

/**
 * Layer-wise relevance propagation (Bach et al. 2015): the logit, shared out layer by layer down to the pixels. What a map
 * misses of the logit, its convergence delta, is what biases have taken, and the stabiliser.
 */
export const lrp: AttributionMethod = {
  name: 'lrp',
  summary: 'the logit, shared out layer by layer down to the pixels',
  channels: 3,
  sign: 'signed',
  needs: 'relevance',
  options: {
    relevance_rule: {
      enum: relevanceRules,
      default: 'epsilon-plus',
      description:
        'How layers share out: `epsilon-plus` (z+ in convolutions, epsilon in dense layers), with `-flat` evenly in the first; `epsilon` in all; `captum` as that package does on ResNets, where residual sums double relevance.',
    },
    relevance_epsilon: {
      type: 'number',
      minimum: 0,
      default: 1e-6,
      description: 'Added to the size of every divisor; `captum` has its own.',
    },
  },
  explain: async ({ network, images, targets, options }) => {
    const rule = options['relevance_rule'] as RelevanceRule;
    const epsilon = numberOption(options, 'relevance_epsilon');
    const { logits, gradients: data } = await network.relevance({ images, targets, rule, epsilon });
    const size = imageSize(images);
    const convergenceDelta = Float64Array.from(chosenClasses(targets, logits), (target, image) => {
      let sum = 0;
      for (let i = image * size; i < (image + 1) * size; i++) sum += data[i]!;
      return sum - logitOf(logits, image, target);
    });
    return { channels: 3, maps: channelsFirst({ ...images, data }), logits, convergenceDelta };
  },
};
