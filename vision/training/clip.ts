import { halfSquaredLength, tf } from '../tensors/index.ts';

/**
 * The gradient, shortened to at most the given length: times min(1, longest / (norm + 1e-6)), as PyTorch's
 * `clip_grad_norm_` has it (Pascanu et al. 2013, algorithm 1).
 * @param gradient - all parameters' as one vector, so that the norm is global
 */
export function clipped(gradient: tf.Tensor, longest: number): tf.Tensor {
  return tf.tidy(() => {
    const norm = tf.sqrt(tf.mul(halfSquaredLength(gradient), 2));
    return tf.mul(gradient, tf.minimum(1, tf.div(longest, tf.add(norm, 1e-6))));
  });
}
