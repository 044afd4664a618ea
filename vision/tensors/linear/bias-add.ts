import { runSingle, type Operation } from '../operation.ts';
import { attribute, runTensorflow, type Attributes } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';

interface BiasInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
  b: tf.Tensor;
}

interface SumInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
}

/**
 * x + b along the last axis.
 * @param x - [..., channels]
 * @param b - [channels]
 */
export function biasAdd<T extends tf.Tensor>(x: T, b: tf.Tensor): T {
  return runSingle(biasAddOperation, { x, b }, {}) as T;
}

/**
 * Sum over all axes but the last: the gradient of a bias.
 * @param x - [..., channels]
 * @returns [channels]
 */
export function channelSums(x: tf.Tensor): tf.Tensor1D {
  return runSingle(channelSumsOperation, { x }, {}) as tf.Tensor1D;
}

const attributes: Attributes = { T: attribute.float32, data_format: attribute.text('NHWC') };

export const channelSumsOperation: Operation<SumInputs, tf.NamedAttrMap> = {
  name: 'ChannelSums',
  composed: ({ x }) => tf.sum(tf.reshape(x, [-1, x.shape.at(-1)!]), 0),
  tensorflow: ({ x }) => runTensorflow('BiasAddGrad', [x], attributes),
};

export const biasAddOperation: Operation<BiasInputs, tf.NamedAttrMap> = {
  name: 'ChannelBiasAdd',
  composed: ({ x, b }) => tf.add(x, b),
  tensorflow: ({ x, b }) => runTensorflow('BiasAdd', [x, b], attributes),
  gradient: {
    inputsToSave: [],
    compute: ([dy]) => ({ x: () => dy!.clone(), b: () => channelSums(dy!) }),
  },
};
