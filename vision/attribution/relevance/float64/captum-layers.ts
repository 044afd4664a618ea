import type { Layers } from '../../../models/layer-set.ts';
import { normEpsilon, normNamed } from '../../../models/normed-convolution.ts';
import type { tf } from '../../../tensors/index.ts';
import { convolutionSizes, convolve, convolveBack } from './convolution.ts';
import { largestPlaces } from './max-pool.ts';
import type { Tape } from './tape.ts';

/** Captum's. */
const epsilon = 1e-9;

/**
 * What Captum's `LRP` computes on a ResNet with its default rule, to compare with. A residual sum is no module there: its whole
 * relevance goes to *both* branches, and a shortcut without modules multiplies what it hands on by its value. So relevance is
 * not conserved, and grows from block to block by divisors near zero: float32 does not tell them apart, float64 does.
 */
export function captumLayers(usual: Layers, tape: Tape): Layers {
  const parameter = (name: string): Float64Array => read(usual.parameter(name));
  // What a module made. A shortcut that is not among them is the block's input itself, or a selection of it.
  const made = new Set<number>();
  const dense = (name: string, input: tf.Tensor): tf.Tensor => {
    const x = tape.valueBehind(input).data;
    const [features = 0, outputs = 0] = usual.parameter(`${name}.weight`).shape;
    const batch = x.length / features;
    // A convolution of maps of one pixel.
    const sizes = convolutionSizes([batch, 1, 1, features], [1, 1, features, outputs], {
      stride: 1,
      padding: 0,
    });
    const weight = parameter(`${name}.weight`);
    const bias = parameter(`${name}.bias`);
    const z = convolve(x, weight, sizes).map((value, i) => value + bias[i % outputs]!);
    return tape.layer([input], { shape: [batch, outputs], data: z }, (relevance) => [
      times(x, convolveBack(shares(relevance, z), weight, sizes)),
    ]);
  };
  return {
    ...usual,
    normedConvolution: (names, input, geometry) => {
      const x = tape.valueBehind(input);
      const kernel = usual.parameter(`${names.convolution}.weight`);
      const weight = read(kernel);
      const sizes = convolutionSizes(x.shape, kernel.shape, geometry);
      const [scale, offset, mean, variance] = normed(names.norm, usual);
      const factor = scale.map((value, channel) => value / Math.sqrt(variance[channel]! + normEpsilon));
      const channels = factor.length;
      const sums = convolve(x.data, weight, sizes);
      const z = sums.map((value, i) => {
        const channel = i % channels;
        return (value - mean[channel]!) * factor[channel]! + offset[channel]!;
      });
      const map = tape.layer([input], { shape: sizes.output, data: z }, (relevance) => {
        // Two layers there: the norm shares out to the convolution's sums, these to its inputs.
        const ofSums = shares(relevance, z).map((value, i) => value * factor[i % channels]! * sums[i]!);
        return [times(x.data, convolveBack(shares(ofSums, sums), weight, sizes))];
      });
      made.add(map.id);
      return map as tf.Tensor4D;
    },
    relu: (input) => {
      const { shape, data } = tape.valueBehind(input);
      const positive = data.map((value) => Math.max(0, value));
      return tape.layer([input], { shape, data: positive }, (relevance) => [relevance]) as tf.Tensor4D;
    },
    add: (branch, shortcut) => {
      const [{ data: a, shape }, { data: b }] = [tape.valueBehind(branch), tape.valueBehind(shortcut)];
      const sum = a.map((value, i) => value + b[i]!);
      return tape.layer([branch, shortcut], { shape, data: sum }, (relevance) => [
        relevance,
        made.has(shortcut.id) ? relevance : times(relevance, b),
      ]) as tf.Tensor4D;
    },
    fixedConvolution: (input, kernel, geometry) => {
      const { shape, data } = tape.valueBehind(input);
      const [weight, sizes] = [read(kernel), convolutionSizes(shape, kernel.shape, geometry)];
      const map = { shape: sizes.output, data: convolve(data, weight, sizes) };
      return tape.layer([input], map, (relevance) => [convolveBack(relevance, weight, sizes)]) as tf.Tensor4D;
    },
    maxPool: (input, { size, stride = size, padding = 0 }) => {
      const { shape, data } = tape.valueBehind(input);
      const largest = largestPlaces(data, shape, { size, stride, padding });
      const values = Float64Array.from(largest.places, (place) => data[place]!);
      return tape.layer([input], { shape: largest.shape, data: values }, (relevance) => {
        const back = new Float64Array(data.length);
        largest.places.forEach((place, i) => (back[place]! += relevance[i]!));
        return [back];
      }) as tf.Tensor4D;
    },
    globalAveragePool: (input) => {
      const { shape, data } = tape.valueBehind(input);
      const [batch = 0, height = 0, width = 0, channels = 0] = shape;
      const cells = height * width;
      const of = (i: number): number => Math.floor(i / (cells * channels)) * channels + (i % channels);
      const mean = new Float64Array(batch * channels);
      data.forEach((value, i) => (mean[of(i)]! += value / cells));
      return tape.layer([input], { shape: [batch, channels], data: mean }, (relevance) => {
        const share = shares(relevance, mean);
        return [data.map((value, i) => (value / cells) * share[of(i)]!)];
      }) as tf.Tensor2D;
    },
    linear: (name, input) => dense(name, input) as typeof input,
  };
}

function normed(
  name: string,
  usual: Layers,
): readonly [Float64Array, Float64Array, Float64Array, Float64Array] {
  const { scale, offset, mean, variance } = normNamed(name, (key) => usual.parameter(key));
  return [read(scale), read(offset), read(mean), read(variance)];
}

function read(tensor: tf.Tensor): Float64Array {
  return Float64Array.from(tensor.dataSync());
}

function times(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * b[i]!);
}

/** relevance / (z + epsilon sign(z)), with the sign of zero taken as positive. */
function shares(relevance: Float64Array, z: Float64Array): Float64Array {
  return relevance.map((value, i) => value / (z[i]! >= 0 ? z[i]! + epsilon : z[i]! - epsilon));
}
