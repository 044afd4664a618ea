import { rollout } from '../attention.ts';
import type { HeadFusion } from '../attention.ts';
import { attentionMaps } from '../attention-maps.ts';
import type { AttributionMethod } from '../method.ts';
import { resizeBilinear } from '../resize-map.ts';

/** How much of each patch reaches the class token through the attention of all layers (Abnar and Zuidema 2020). */
export const attentionRollout: AttributionMethod = {
  name: 'attention-rollout',
  summary: 'attention multiplied through all layers',
  channels: 1,
  sign: 'positive',
  needs: 'class-attention',
  options: {
    rollout_heads: {
      enum: ['mean', 'max', 'min'],
      default: 'mean',
      description: 'How the heads of a layer become one.',
    },
    residual: {
      type: 'boolean',
      default: true,
      description: 'Each layer is half its attention, half the tokens as they were.',
    },
  },
  explain: (request) => {
    const fusion = request.options['rollout_heads'] as HeadFusion;
    const residual = request.options['residual'] === true;
    return attentionMaps(request, {
      first: () => 0,
      map: ({ layers, image, grid: [height, width] }, images) => {
        const data = rollout(layers, { image, fusion, residual });
        return resizeBilinear({ height, width, data }, images);
      },
    });
  },
};
