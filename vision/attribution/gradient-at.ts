import { valueAt } from '../models/value-at.ts';
import type { ForwardRequest, Network } from '../models/network.ts';
import { tf } from '../tensors/index.ts';

interface GradientRequest extends Required<Pick<ForwardRequest, 'state' | 'input' | 'relu'>> {
  /** Name of a stage or tap. */
  readonly stage: string;
  readonly objective: (logits: tf.Tensor) => tf.Scalar;
}

/** A named value of a pass, and the gradient of the objective by it; both of the value's shape. */
export function gradientAt(
  network: Network,
  { stage, objective, ...pass }: GradientRequest,
): { readonly value: tf.Tensor; readonly gradient: tf.Tensor } {
  const value = valueAt(network, stage, pass);
  if (network.stages.includes(stage)) {
    const { input: _images, ...rest } = pass;
    const onward = (input: tf.Tensor): tf.Scalar =>
      objective(network.forward({ ...rest, input, from: stage }));
    return { value, gradient: tf.grad(onward)(value) };
  }
  // Within a stage there is nothing to start from: a delta of zeros is added to the value, and differentiated by.
  const moved = (delta: tf.Tensor): tf.Scalar =>
    objective(
      network.forward({ ...pass, tap: (name, here) => (name === stage ? tf.add(here, delta) : here) }),
    );
  return { value, gradient: tf.grad(moved)(tf.zerosLike(value)) };
}
