import { isByAuthors, variantOption } from '../authors/variant.ts';
import { classActivation, scaleToUnit } from '../class-activation.ts';
import type { AttributionMethod } from '../method.ts';
import { resizeBilinear } from '../resize-map.ts';

/**
 * GradCAM at the model's own layer (Selvaraju et al. 2017, section 3): scaled to 0..1, resized to the image, and scaled
 * again, because the resized map reaches neither end any more. So does the `pytorch-grad-cam` package.
 */
export const gradCam: AttributionMethod = {
  name: 'grad-cam',
  summary: 'last feature maps, weighted by their mean gradient',
  channels: 1,
  sign: 'positive',
  options: variantOption,
  explain: async (request) => {
    const { images } = request;
    const byAuthors = isByAuthors(request.options);
    const { planes, logits } = await classActivation(request, { byAuthors });
    const pixels = images.height * images.width;
    const maps = new Float32Array(images.count * pixels);
    planes.forEach((plane, image) => {
      const scaled = { ...plane, data: scaleToUnit(Float64Array.from(plane.data)) };
      maps.set(scaleToUnit(resizeBilinear(scaled, images)), image * pixels);
    });
    return { channels: 1, maps, logits };
  },
};
