import { addBias } from './add-bias.ts';
import { tf } from './tf.ts';

/**
 * x w + b.
 * @param x - [batch, in]
 * @param w - [in, out]
 * @param b - [out]
 */
export function linear(x: tf.Tensor, w: tf.Tensor, b?: tf.Tensor): tf.Tensor2D {
  return tf.tidy((): tf.Tensor2D => {
    const product = tf.matMul<tf.Tensor2D>(x, w);
    return b === undefined ? product : addBias(product, b);
  });
}
