import { runSingle, type Operation } from '../operation.ts';
import { attribute, runTensorflow } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';

interface Inputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
}

/** Half the sum of x² over all elements, []; on TensorFlow in one pass, without a vector of squares. Has no gradient. */
export function halfSquaredLength(x: tf.Tensor): tf.Scalar {
  return runSingle(halfSquaredLengthOperation, { x }, {}) as tf.Scalar;
}

export const halfSquaredLengthOperation: Operation<Inputs, tf.NamedAttrMap> = {
  name: 'HalfSquaredLength',
  composed: ({ x }) => tf.mul(tf.sum(tf.square(x)), 0.5),
  tensorflow: ({ x }) => runTensorflow('L2Loss', [x], { T: attribute.float32 }),
};
