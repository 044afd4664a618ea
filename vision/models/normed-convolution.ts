import { batchNormTrain, biasAdd, conv2d, tf, type ConvGeometry } from '../tensors/index.ts';

// PyTorch's defaults for BatchNorm2d.
const epsilon = 1e-5;
const momentum = 0.1;

/** A batch norm's parameters and running statistics, each [channels]. */
export interface Norm {
  readonly name: string;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** In evaluation the norm is a fixed scale and shift of each channel: the kernel takes the scale, which is smaller than a map. */
export function foldedConvolution(
  input: tf.Tensor4D,
  { kernel, norm, geometry }: { kernel: tf.Tensor; norm: Norm; geometry: ConvGeometry },
): tf.Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(norm.scale, tf.rsqrt(tf.add(norm.variance, epsilon)));
    const shift = tf.sub(norm.offset, tf.mul(norm.mean, factor));
    // [height, width, in, out] x [out]
    return biasAdd(conv2d(input, tf.mul(kernel, factor), geometry), shift);
  });
}

/** In training the batch's own statistics normalise; the new running ones go into `updates`. */
export function trainedNorm(map: tf.Tensor4D, norm: Norm, updates: Map<string, tf.Tensor>): tf.Tensor4D {
  const { name, ...parameters } = norm;
  const { y, mean, variance } = batchNormTrain(map, { ...parameters, epsilon, momentum });
  updates.set(`${name}.running_mean`, tf.keep(mean));
  updates.set(`${name}.running_var`, tf.keep(variance));
  return y;
}
