import { classTokenRow } from '../attention.ts';
import type { HeadFusion } from '../attention.ts';
import { attentionMaps } from '../attention-maps.ts';
import type { AttributionMethod } from '../method.ts';

/** What the class token attends to in the last layer (Caron et al. 2021), heads fused, upright, at the image's size. */
export const attention: AttributionMethod = {
  name: 'attention',
  summary: 'what the class token attends to in the last layer',
  channels: 1,
  sign: 'positive',
  needs: 'class-attention',
  options: {
    heads: {
      enum: ['mean', 'max', 'min'],
      default: 'mean',
      description: 'How the heads of a layer become one.',
    },
  },
  explain: (request) =>
    attentionMaps(request, {
      first: (layers) => layers - 1,
      row: (layers, image) => classTokenRow(layers[0]!, image, request.options['heads'] as HeadFusion),
    }),
};
