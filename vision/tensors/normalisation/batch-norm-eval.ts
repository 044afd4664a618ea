import { tf } from '../tf.ts';

/** Fixed statistics and affine parameters of a batch norm, each [channels]. */
export interface BatchNormState {
  readonly scale: tf.Tensor;
  readonly offset: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
}

/**
 * Batch norm in evaluation: (x - mean) / sqrt(variance + epsilon) * scale + offset.
 * @param x - [batch, height, width, channels]
 */
export function batchNormEval(x: tf.Tensor, state: BatchNormState): tf.Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(state.scale, tf.rsqrt(tf.add(state.variance, state.epsilon)));
    const shift = tf.sub(state.offset, tf.mul(state.mean, factor));
    return tf.add(tf.mul(x, factor), shift);
  });
}
