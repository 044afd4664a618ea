import type { Logits } from '../differentiable.ts';
import { channelsFirst, imageSize } from '../image-batch.ts';
import { numberOption } from '../method.ts';
import type { AttributionMethod } from '../method.ts';
import { quadrature, quadratureRules } from '../quadrature.ts';
import type { QuadratureRule } from '../quadrature.ts';

/**
 * Integrated gradients: (x - x') times the mean gradient on the line from the baseline x' to the image x (Sundararajan et
 * al. 2017, eq. 1). The convergence delta is the sum of the map less f(x) - f(x'), which completeness says is zero.
 */
export const integratedGradients: AttributionMethod = {
  name: 'integrated-gradients',
  summary: 'image less baseline, times the mean gradient between them',
  channels: 3,
  sign: 'signed',
  options: {
    steps: { type: 'integer', minimum: 1, maximum: 1000, default: 50, description: 'Points on the path.' },
    rule: {
      enum: quadratureRules,
      default: 'gausslegendre',
      description: 'How the integral over the path is taken.',
    },
    baseline: {
      type: 'number',
      default: 0,
      description:
        'Value of every baseline pixel, after normalisation: 0 is the mean colour of the training data.',
    },
  },
  explain: async ({ network, images, targets, options }) => {
    const baseline = options['baseline'];
    // A baseline image of its own, [images, height, width, 3], is for callers of the library; studies give a number.
    const from =
      baseline instanceof Float32Array
        ? (baseline as Float32Array<ArrayBuffer>)
        : numberOption(options, 'baseline');
    const nodes = quadrature(options['rule'] as QuadratureRule, numberOption(options, 'steps'));
    const integral = await network.pathGradients({ images, from, targets, nodes });
    const start = Float32Array.from(images.data, (_, i) => (typeof from === 'number' ? from : from[i]!));
    const data = integral.map((gradient, i) => gradient * (images.data[i]! - start[i]!));
    const atImage = await network.logits(images);
    const atBaseline = await network.logits({ ...images, data: start });
    const size = imageSize(images);
    const convergenceDelta = Float64Array.from(targets, (target, image) => {
      let sum = 0;
      for (let i = image * size; i < (image + 1) * size; i++) sum += data[i]!;
      return sum - (logitOf(atImage, image, target) - logitOf(atBaseline, image, target));
    });
    return { channels: 3, maps: channelsFirst({ ...images, data }), convergenceDelta };
  },
};

function logitOf({ classes, data }: Logits, image: number, target: number): number {
  return data[image * classes + target]!;
}
