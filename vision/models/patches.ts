import { linear, tf } from '../tensors/index.ts';

/**
 * A convolution whose kernel is as large as its stride, as one product over whole patches. Pixels beyond the last whole
 * patch are left out, as the convolution leaves them.
 * @param input - [batch, height, width, 3]
 * @param kernel - [patch height, patch width, 3, out]
 * @param bias - [out]
 * @returns [batch, floor(height / patch height), floor(width / patch width), out]
 */
export function embedPatches(input: tf.Tensor4D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor4D {
  const [batch, height, width, channels] = input.shape;
  const [patchHeight, patchWidth, , out] = kernel.shape as [number, number, number, number];
  const rows = Math.floor(height / patchHeight);
  const columns = Math.floor(width / patchWidth);
  if (rows === 0 || columns === 0)
    throw new Error(`an image of ${height}x${width} pixels holds no patch of ${patchHeight}x${patchWidth}`);
  const whole: [number, number, number, number] = [batch, rows * patchHeight, columns * patchWidth, channels];
  const cropped = whole.every((side, axis) => side === input.shape[axis])
    ? input
    : tf.slice(input, [0, 0, 0, 0], whole);
  // [batch, rows, patch height, columns, patch width x 3] -> [batch, rows, columns, patch height, patch width x 3]
  const lines = tf.reshape(cropped, [batch, rows, patchHeight, columns, patchWidth * channels]);
  const patches = tf.transpose(lines, [0, 1, 3, 2, 4]);
  const size = patchHeight * patchWidth * channels;
  return linear(
    tf.reshape<tf.Rank.R4>(patches, [batch, rows, columns, size]),
    tf.reshape(kernel, [size, out]),
    bias,
  );
}
