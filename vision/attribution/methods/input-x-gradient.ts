import { channelsFirst } from '../image-batch.ts';
import type { AttributionMethod } from '../method.ts';

/** Image times gradient: the first-order share of each value in the logit (Shrikumar et al. 2017). */
export const inputXGradient: AttributionMethod = {
  name: 'input-x-gradient',
  summary: 'image times gradient of the logit',
  channels: 3,
  sign: 'signed',
  options: {},
  explain: async ({ network, images, targets }) => {
    const { logits, gradients } = await network.inputGradients({ images, targets });
    const data = gradients.map((gradient, i) => gradient * images.data[i]!);
    return { channels: 3, maps: channelsFirst({ ...images, data }), logits };
  },
};
