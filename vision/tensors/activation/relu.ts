import { runSingle, type Operation } from '../operation.ts';
import { attribute, runTensorflow } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';

/** `guided`: the gradient passes only where input and incoming gradient are both positive (Springenberg et al. 2015). */
export type ReluRule = 'plain' | 'guided';

interface ReluInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
}

interface ReluAttrs extends tf.NamedAttrMap {
  rule: ReluRule;
}

interface ReluGradientInputs extends Record<string, tf.Tensor> {
  dy: tf.Tensor;
  y: tf.Tensor;
}

/** max(x, 0), element by element, with the gradient's rule; any shape. */
export function relu<T extends tf.Tensor>(x: T, rule: ReluRule = 'plain'): T {
  return runSingle(reluOperation, { x }, { rule }) as T;
}

export const reluGradient: Operation<ReluGradientInputs, tf.NamedAttrMap> = {
  name: 'RuledReluGradient',
  composed: ({ dy, y }) => tf.mul(dy, tf.step(y)),
  tensorflow: ({ dy, y }) => runTensorflow('ReluGrad', [dy, y], { T: attribute.float32 }),
};

// The output says as much as the input about where it was positive, and the next layer keeps it anyway.
export const reluOperation: Operation<ReluInputs, ReluAttrs> = {
  name: 'RuledRelu',
  composed: ({ x }) => tf.relu(x),
  gradient: {
    inputsToSave: [],
    outputsToSave: [true],
    compute: ([dy], [y], { rule }) => ({
      x: () => runSingle(reluGradient, { dy: rule === 'guided' ? tf.relu(dy!) : dy!, y: y! }, {}),
    }),
  },
};
