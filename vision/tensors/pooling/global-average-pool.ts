import { tf } from '../tf.ts';

/**
 * Mean over height and width.
 * @param x - [batch, height, width, channels]
 * @returns [batch, channels]
 */
export function globalAveragePool(x: tf.Tensor): tf.Tensor2D {
  return tf.mean(x, [1, 2]);
}
