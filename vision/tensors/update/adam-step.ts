import { isRecorded } from '../graph/backend.ts';
import { adamKernel } from '../graph/adam-kernel.ts';
import { runOperation, type Operation } from '../operation.ts';
import { attribute, runTensorflowMany } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';
import { adamShare } from './adam-share.ts';

export interface AdamVectors {
  /** [size] each */
  readonly parameters: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly squares: tf.Tensor;
}

interface AdamInputs extends Record<string, tf.Tensor> {
  parameters: tf.Tensor;
  mean: tf.Tensor;
  squares: tf.Tensor;
  gradient: tf.Tensor;
  rate: tf.Tensor;
  epsilon: tf.Tensor;
}

interface AdamAttrs extends tf.NamedAttrMap {
  beta1: number;
  beta2: number;
}

/**
 * One step of Adam (Kingma and Ba 2015, section 2, with the corrections in the rate):
 * m += (1 - beta1) (g - m); s += (1 - beta2) (g^2 - s); w -= rate m / (sqrt(s) + epsilon), 1 - beta in float32 of beta in
 * float32. Within a program that is recorded the moments have to be entries of the state, `parameters` an entry or what was
 * made of it, and all three results the next values of those and nothing else: the step then happens where the state
 * lies, in one pass over memory.
 * @param vectors - [size] each, as the gradient
 * @param step - rate and epsilon []
 */
export function adamStep(
  vectors: AdamVectors,
  step: {
    readonly gradient: tf.Tensor;
    readonly rate: tf.Tensor;
    readonly epsilon: tf.Tensor;
    readonly beta1: number;
    readonly beta2: number;
  },
): AdamVectors {
  const { parameters, mean, squares } = vectors;
  const { beta1, beta2, ...rest } = step;
  const next = runOperation(adamStepOperation, { parameters, mean, squares, ...rest }, { beta1, beta2 });
  return { parameters: next[0]!, mean: next[1]!, squares: next[2]! };
}

export const adamStepOperation: Operation<AdamInputs, AdamAttrs> = {
  name: 'AdamStep',
  composed: ({ parameters, mean, squares, gradient, rate, epsilon }, { beta1, beta2 }) => {
    const nextMean = tf.add(mean, tf.mul(tf.sub(gradient, mean), adamShare(beta1)));
    const nextSquares = tf.add(squares, tf.mul(tf.sub(tf.square(gradient), squares), adamShare(beta2)));
    const step = tf.div(tf.mul(nextMean, rate), tf.add(tf.sqrt(nextSquares), epsilon));
    return [tf.sub(parameters, step), nextMean, nextSquares];
  },
  tensorflow: (inputs, attrs) => {
    if (!isRecorded()) return adamStepOperation.composed(inputs, attrs);
    const { parameters, mean, squares, gradient, rate, epsilon } = inputs;
    const numbers = { beta1: attribute.float(attrs.beta1), beta2: attribute.float(attrs.beta2) };
    return runTensorflowMany(adamKernel, [parameters, mean, squares, gradient, rate, epsilon], numbers, 3);
  },
};
