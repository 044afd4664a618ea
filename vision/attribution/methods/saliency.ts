import { channelsFirst } from '../image-batch.ts';
import type { AttributionMethod } from '../method.ts';

/** The gradient of the class's logit by the image (Simonyan et al. 2014, section 3). */
export const saliency: AttributionMethod = {
  name: 'saliency',
  summary: 'gradient of the logit by the image',
  channels: 3,
  sign: 'signed',
  options: {
    absolute: {
      type: 'boolean',
      default: true,
      description: 'Take the size of the gradient, without its sign.',
    },
  },
  explain: async ({ network, images, targets, options }) => {
    const { logits, gradients } = await network.inputGradients({ images, targets });
    const maps = channelsFirst({ ...images, data: gradients });
    return { channels: 3, maps: options['absolute'] === true ? maps.map(Math.abs) : maps, logits };
  },
};
