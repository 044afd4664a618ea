import { authorsCopies, noisyCopy } from '../authors/noisy-copies.ts';
import { isByAuthors, variantOption } from '../authors/variant.ts';
import { baselineNames, baselineOf } from '../baselines.ts';
import { channelsFirst } from '../image-batch.ts';
import { chosenClasses } from '../logits.ts';
import { numberOption, seedOption } from '../method.ts';
import type { AttributionMethod, ExplainRequest } from '../method.ts';
import { alongPath } from '../path-integral.ts';
import type { PathIntegral } from '../path-integral.ts';
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
        'Value of every pixel of a constant baseline, after normalisation: 0 is the mean colour of the training data.',
    },
    baseline_kind: {
      enum: baselineNames,
      default: 'constant',
      description:
        "Where the path begins: `constant`; the image's `mean` colour; the image `blurred`; `uniform` noise in the image's range; an `image` of the data set.",
    },
    baseline_blur: {
      type: 'number',
      minimum: 0.1,
      maximum: 100,
      default: 10,
      description: 'Standard deviation of the blur, in pixels.',
    },
    baseline_image: {
      type: 'string',
      default: '',
      description: 'Name of the image that is the baseline of all.',
    },
    ...seedOption,
    ...variantOption,
  },
  explain: async (request) => {
    const { network, images, options } = request;
    const nodes = quadrature(options['rule'] as QuadratureRule, numberOption(options, 'steps'));
    const logits = await network.logits(images);
    const targets = chosenClasses(request.targets, logits);
    const integrate = async (each: ExplainRequest, atImage = logits): Promise<PathIntegral> =>
      alongPath({ network, images: each.images, targets, nodes, from: await baselineOf(each), atImage });
    const { data, convergenceDelta } = isByAuthors(options)
      ? await overNoisyCopies(request, async (copy) => integrate(copy, await network.logits(copy.images)))
      : await integrate(request);
    return { channels: 3, maps: channelsFirst({ ...images, data }), logits, convergenceDelta };
  },
};

/** The authors' maps: means over noisy copies. */
async function overNoisyCopies(
  request: ExplainRequest,
  integrate: (copy: ExplainRequest) => Promise<PathIntegral>,
): Promise<PathIntegral> {
  const { images, keys, options } = request;
  const seed = numberOption(options, 'seed');
  const data = new Float32Array(images.data.length);
  const convergenceDelta = new Float64Array(images.count);
  for (let copy = 0; copy < authorsCopies; copy++) {
    const one = await integrate({ ...request, images: noisyCopy(images, { keys, seed, copy }) });
    one.data.forEach((value, i) => (data[i]! += value / authorsCopies));
    one.convergenceDelta.forEach((value, image) => (convergenceDelta[image]! += value / authorsCopies));
  }
  return { data, convergenceDelta };
}
