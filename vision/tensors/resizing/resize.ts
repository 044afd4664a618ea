import { tf } from '../tf.ts';
import { bicubicAlignedWeights, bilinearWeights, nearestWeights, type AxisWeights } from './axis-weights.ts';

/**
 * Bilinear resizing with half-pixel centres, edges repeated (PyTorch's `align_corners=False`, no antialiasing).
 * @param x - [batch, height, width, channels]
 * @param size - [height, width]
 */
export function resizeBilinear(x: tf.Tensor, size: readonly [number, number]): tf.Tensor4D {
  return resizeBy(x, size, bilinearWeights);
}

/**
 * Nearest resizing: cell i of the result is cell floor(i in / out) of x (PyTorch's `nearest`).
 * @param x - [batch, height, width, channels]
 * @param size - [height, width]
 */
export function resizeNearest(x: tf.Tensor, size: readonly [number, number]): tf.Tensor4D {
  return resizeBy(x, size, nearestWeights);
}

/**
 * Bicubic resizing with aligned corners (PyTorch's `bicubic` with `align_corners=True`, no antialiasing).
 * @param x - [batch, height, width, channels]
 * @param size - [height, width]
 */
export function resizeBicubicAligned(x: tf.Tensor, size: readonly [number, number]): tf.Tensor4D {
  return resizeBy(x, size, bicubicAlignedWeights);
}

/**
 * Two products with a matrix for each axis: exact, and its gradient is the product with the transposed matrix, where the
 * backends' own resize gradients are wrong for half-pixel centres.
 */
function resizeBy(
  x: tf.Tensor,
  [toHeight, toWidth]: readonly [number, number],
  weights: AxisWeights,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  return tf.tidy(() => {
    const rowWeights = tf.tensor2d(weights(height, toHeight), [toHeight, height]);
    const columnWeights = tf.tensor2d(weights(width, toWidth), [toWidth, width]);
    const rowsFirst = tf.reshape(tf.transpose(x, [1, 2, 0, 3]), [height, width * batch * channels]);
    const rows = tf.reshape(tf.matMul(rowWeights, rowsFirst), [toHeight, width, batch * channels]);
    const columnsFirst = tf.reshape(tf.transpose(rows, [1, 0, 2]), [width, toHeight * batch * channels]);
    const cells = tf.matMul(columnWeights, columnsFirst); // [width', height' batch channels]
    return tf.transpose(tf.reshape(cells, [toWidth, toHeight, batch, channels]), [2, 1, 0, 3]);
  });
}
