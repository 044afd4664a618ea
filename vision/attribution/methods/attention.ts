import { classTokenRow, receivedInWindows } from '../attention.ts';
import type { HeadFusion } from '../attention.ts';
import { attentionMaps } from '../attention-maps.ts';
import { authorsAttentionMap } from '../authors/attention-map.ts';
import { isByAuthors, variantOption } from '../authors/variant.ts';
import type { AttributionMethod } from '../method.ts';
import { resizeBilinear } from '../resize-map.ts';

/**
 * What is attended to in the last layer, heads fused, upright, at the image's size: by the class token where there is one (Caron et
 * al. 2021), by all tokens of their windows where attention happens in windows.
 */
export const attention: AttributionMethod = {
  name: 'attention',
  summary: 'what is attended to in the last layer',
  channels: 1,
  sign: 'positive',
  needs: 'attention',
  options: {
    heads: {
      enum: ['mean', 'max', 'min'],
      default: 'mean',
      description: 'How the heads of a layer become one.',
    },
    ...variantOption,
  },
  explain: (request) => {
    const fusion = request.options['heads'] as HeadFusion;
    const byAuthors = isByAuthors(request.options);
    return attentionMaps(request, {
      first: (layers) => layers - 1,
      map: ({ layers: [layer], image, source, grid }, images) => {
        const [height, width] = grid;
        if (source.places !== undefined) {
          const windows = { places: source.places(images), cells: height * width, fusion };
          return resizeBilinear({ height, width, data: receivedInWindows(layer!, image, windows) }, images);
        }
        if (byAuthors) return authorsAttentionMap(layer!, image, { grid, size: images });
        return resizeBilinear({ height, width, data: classTokenRow(layer!, image, fusion) }, images);
      },
    });
  },
};
