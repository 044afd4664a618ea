import { isByAuthors, variantOption } from '../authors/variant.ts';
import { classActivation } from '../class-activation.ts';
import { channelsFirst } from '../image-batch.ts';
import type { AttributionMethod } from '../method.ts';
import { resizeNearest } from '../resize-map.ts';

/** GradCAM, resized nearest, times guided backpropagation (Selvaraju et al. 2017, section 3.2). */
export const guidedGradCam: AttributionMethod = {
  name: 'guided-grad-cam',
  summary: 'guided backpropagation where GradCAM points',
  channels: 3,
  sign: 'signed',
  options: variantOption,
  explain: async (request) => {
    const { images } = request;
    const byAuthors = isByAuthors(request.options);
    const { planes, logits, guided } = await classActivation(request, { guided: true, byAuthors });
    const maps = channelsFirst({ ...images, data: guided! });
    const pixels = images.height * images.width;
    planes.forEach((plane, image) => {
      const cam = resizeNearest(plane, images);
      for (let i = 0; i < 3 * pixels; i++) maps[image * 3 * pixels + i]! *= cam[i % pixels]!;
    });
    return { channels: 3, maps, logits };
  },
};
