import { randomFrom } from '../../random/random.ts';
import { channelsFirst, imageSize } from '../image-batch.ts';
import { chosenClasses } from '../logits.ts';
import { numberOption, seedOption } from '../method.ts';
import type { AttributionMethod, ExplainRequest } from '../method.ts';

/** The mean gradient of noisy copies of the image (Smilkov et al. 2017, section 3.1). */
export const smoothGrad: AttributionMethod = {
  name: 'smooth-grad',
  summary: 'mean gradient over noisy copies of the image',
  channels: 3,
  sign: 'signed',
  options: {
    samples: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 25,
      description: 'Noisy copies an image.',
    },
    noise: {
      type: 'number',
      minimum: 0,
      default: 0.15,
      description: "Standard deviation of the noise, as a share of the image's range.",
    },
    ...seedOption,
  },
  explain: async (request) => {
    const { network, images, options } = request;
    // Noise does not change what is explained.
    const logits = await network.logits(images);
    const targets = chosenClasses(request.targets, logits);
    const samples = numberOption(options, 'samples');
    const sums = new Float64Array(images.data.length);
    for (let sample = 0; sample < samples; sample++) {
      const noisy = { ...images, data: withNoise(request, sample) };
      const { gradients } = await network.inputGradients({ images: noisy, targets });
      for (let i = 0; i < sums.length; i++) sums[i]! += gradients[i]!;
    }
    const data = Float32Array.from(sums, (sum) => sum / samples);
    return { channels: 3, maps: channelsFirst({ ...images, data }), logits };
  },
};

/** Each image's noise depends on (seed, the image's key, the sample) alone, not on its batch. */
function withNoise({ images, keys, options }: ExplainRequest, sample: number): Float32Array<ArrayBuffer> {
  const size = imageSize(images);
  const out = images.data.slice();
  for (let image = 0; image < images.count; image++) {
    const values = out.subarray(image * size, (image + 1) * size);
    let low = Infinity;
    let high = -Infinity;
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const deviation = numberOption(options, 'noise') * (high - low);
    const random = randomFrom(numberOption(options, 'seed'), keys[image]!, sample);
    for (let i = 0; i < size; i++) values[i]! += deviation * random.normal();
  }
  return out;
}
