import { tf } from '../tensors/index.ts';

export interface SgdScalars {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/**
 * One step of stochastic gradient descent with momentum, as PyTorch has it (Sutskever et al. 2013, but with the learning
 * rate outside the velocity): g += decay w; v = momentum v + g; w -= rate (nesterov ? g + momentum v : v).
 * A pure function; all three vectors have one shape, and the velocity starts at zero.
 */
export function sgdStep(
  { parameters, velocity, gradient }: { parameters: tf.Tensor; velocity: tf.Tensor; gradient: tf.Tensor },
  { learningRate, momentum, nesterov, weightDecay }: SgdScalars,
): { readonly parameters: tf.Tensor; readonly velocity: tf.Tensor } {
  const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameters, weightDecay));
  const moved = momentum === 0 ? decayed : tf.add(tf.mul(velocity, momentum), decayed);
  const direction = nesterov ? tf.add(decayed, tf.mul(moved, momentum)) : moved;
  return { parameters: tf.sub(parameters, tf.mul(direction, learningRate)), velocity: moved };
}
