import { runSingle, type Operation } from './operation.ts';
import { attribute, runTensorflow } from './tensorflow-ops.ts';
import { tf } from './tf.ts';

interface BiasInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
  bias: tf.Tensor;
}

/**
 * x + bias, one value a channel. Not `tf.add`, because TensorFlow's graphs fuse this one into the convolution or product
 * before it.
 * @param x - […, channels], of rank 2 or more
 * @param bias - [channels]
 */
export function addBias<T extends tf.Tensor>(x: T, bias: tf.Tensor): T {
  return runSingle(biasOperation, { x, bias }, {}) as T;
}

const attributes = { T: attribute.float32, data_format: attribute.text('NHWC') };

export const biasGradient: Operation<{ dy: tf.Tensor }, tf.NamedAttrMap> = {
  name: 'ChannelBiasGradient',
  composed: ({ dy }) =>
    tf.sum(
      dy,
      dy.shape.slice(0, -1).map((_, axis) => axis),
    ),
  tensorflow: ({ dy }) => runTensorflow('BiasAddGrad', [dy], attributes),
};

export const biasOperation: Operation<BiasInputs, tf.NamedAttrMap> = {
  name: 'ChannelBias',
  composed: ({ x, bias }) => tf.add(x, bias),
  tensorflow: ({ x, bias }) => runTensorflow('BiasAdd', [x, bias], attributes),
  gradient: {
    inputsToSave: [],
    compute: ([dy]) => ({ x: () => tf.clone(dy!), bias: () => runSingle(biasGradient, { dy: dy! }, {}) }),
  },
};
