import { fitAxis, insertZeros } from '../spread.ts';
import { tf } from '../tf.ts';
import type {
  ConvAttrs,
  ConvGradientAttrs,
  ConvInputs,
  InputGradientInputs,
  KernelGradientInputs,
} from './geometry.ts';

/** Zeros around height and width, then a `valid` convolution: the one form that every backend computes. */
export function composedConv2d(
  { x, kernel }: ConvInputs,
  { stride, padding, dilation }: ConvAttrs,
): tf.Tensor {
  return tf.conv2d(padSides(x, padding), kernel as tf.Tensor4D, stride, 'valid', 'NHWC', dilation);
}

/** The gradient for x as a forward convolution of dy, with zeros between its rows and columns, by the flipped kernel. */
export function composedInputGradient(
  { dy, kernel }: InputGradientInputs,
  { stride, padding, dilation, shape }: ConvGradientAttrs,
): tf.Tensor {
  const [kernelHeight, kernelWidth] = kernel.shape as [number, number, number, number];
  const [, height, width] = shape as [number, number, number, number];
  const reachY = dilation * (kernelHeight - 1);
  const reachX = dilation * (kernelWidth - 1);
  const spread = insertZeros(dy, stride); // [batch, (height' - 1) stride + 1, …, out]
  const rows = fitAxis(spread, { axis: 1, before: reachY - padding, length: height + reachY });
  const fitted = fitAxis(rows, { axis: 2, before: reachX - padding, length: width + reachX });
  const flipped = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]); // [kh, kw, out, in]
  return tf.conv2d(fitted, flipped as tf.Tensor4D, 1, 'valid', 'NHWC', dilation);
}

/**
 * The gradient for the kernel as a forward convolution: channels of x become the batch, the batch becomes the channels,
 * dy is the filter. Stride and dilation change places.
 */
export function composedKernelGradient(
  { x, dy }: KernelGradientInputs,
  { stride, padding, dilation, shape }: ConvGradientAttrs,
): tf.Tensor {
  const [kernelHeight, kernelWidth, channels, out] = shape as [number, number, number, number];
  const images = tf.transpose(padSides(x, padding), [3, 1, 2, 0]); // [in, height, width, batch]
  const filter = tf.transpose(dy, [1, 2, 0, 3]); // [height', width', batch, out]
  const all = tf.conv2d(images, filter as tf.Tensor4D, dilation, 'valid', 'NHWC', stride);
  // [in, >= kh, >= kw, out]: rows of x beyond the last window give positions that no kernel element has.
  const exact = tf.slice(all, [0, 0, 0, 0], [channels, kernelHeight, kernelWidth, out]);
  return tf.transpose(exact, [1, 2, 0, 3]);
}

/** Zeros around height and width. */
export function padSides(x: tf.Tensor, padding: number): tf.Tensor4D {
  if (padding === 0) return x as tf.Tensor4D;
  return tf.pad(x as tf.Tensor4D, [
    [0, 0],
    [padding, padding],
    [padding, padding],
    [0, 0],
  ]);
}
