import { channelsFirst } from '../image-batch.ts';
import type { AttributionMethod } from '../method.ts';

/** The gradient with ReLU applied on the way back too (Springenberg et al. 2015, section 3.4). */
export const guidedBackprop: AttributionMethod = {
  name: 'guided-backprop',
  summary: 'gradient that passes each ReLU only where it is positive both ways',
  channels: 3,
  sign: 'signed',
  options: {},
  explain: async ({ network, images, targets }) => {
    const { logits, gradients } = await network.inputGradients({ images, targets, relu: 'guided' });
    return { channels: 3, maps: channelsFirst({ ...images, data: gradients }), logits };
  },
};
