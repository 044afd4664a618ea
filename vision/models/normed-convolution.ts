import { batchNormTrain, biasAdd, conv2d, tf, type ConvGeometry } from '../tensors/index.ts';

// PyTorch's defaults for BatchNorm2d.
export const normEpsilon = 1e-5;
const momentum = 0.1;

/** A batch norm's parameters and running statistics, each [channels]. */
export interface Norm {
  readonly name: string;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** A batch norm's parameters and statistics by their names in the state dict. */
export function normNamed(name: string, parameter: (name: string) => tf.Tensor): Norm {
  return {
    name,
    scale: parameter(`${name}.weight`) as tf.Tensor1D,
    offset: parameter(`${name}.bias`) as tf.Tensor1D,
    mean: parameter(`${name}.running_mean`) as tf.Tensor1D,
    variance: parameter(`${name}.running_var`) as tf.Tensor1D,
  };
}

/** What a norm does in evaluation: `factor` times a value plus `shift`, each [channels]. */
export function evaluatedNorm({ scale, offset, mean, variance }: Omit<Norm, 'name'>): {
  readonly factor: tf.Tensor;
  readonly shift: tf.Tensor;
} {
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, normEpsilon)));
  return { factor, shift: tf.sub(offset, tf.mul(mean, factor)) };
}

/** In evaluation the norm is a fixed scale and shift of each channel: the kernel takes the scale, which is smaller than a map. */
export function foldedConvolution(
  input: tf.Tensor4D,
  { kernel, norm, geometry }: { kernel: tf.Tensor; norm: Norm; geometry: ConvGeometry },
): tf.Tensor4D {
  return tf.tidy(() => {
    const { factor, shift } = evaluatedNorm(norm);
    // [height, width, in, out] x [out]
    return biasAdd(conv2d(input, tf.mul(kernel, factor), geometry), shift);
  });
}

/** In training the batch's own statistics normalise; the new running ones go into `updates`. */
export function trainedNorm(map: tf.Tensor4D, norm: Norm, updates: Map<string, tf.Tensor>): tf.Tensor4D {
  const { name, ...parameters } = norm;
  const { y, mean, variance } = batchNormTrain(map, { ...parameters, epsilon: normEpsilon, momentum });
  updates.set(`${name}.running_mean`, tf.keep(mean));
  updates.set(`${name}.running_var`, tf.keep(variance));
  return y;
}
