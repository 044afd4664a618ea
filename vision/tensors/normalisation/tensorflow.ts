import { attribute, runTensorflowMany, type Attributes } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';
import type { BatchNormAttrs, BatchNormGradientInputs, BatchNormInputs } from './shapes.ts';

/** Outputs of the fused operation: y, mean, *unbiased* variance, and for its gradient mean, biased variance, cuDNN's own. */
export function fusedBatchNorm({ x, scale, offset }: BatchNormInputs, attrs: BatchNormAttrs): tf.Tensor[] {
  const none = tf.tensor1d([]);
  const outputs = runTensorflowMany(
    'FusedBatchNormV3',
    [x, scale, offset, none, none],
    { ...attributesOf(attrs), exponential_avg_factor: attribute.float(1) },
    6,
  );
  return [outputs[0]!, outputs[3]!, outputs[4]!];
}

export function fusedBatchNormGradient(
  { dy, x, scale, mean, variance }: BatchNormGradientInputs,
  attrs: BatchNormAttrs,
): tf.Tensor[] {
  const inputs = [dy, x, scale, mean, variance, tf.tensor1d([])];
  return runTensorflowMany('FusedBatchNormGradV3', inputs, attributesOf(attrs), 5).slice(0, 3);
}

function attributesOf({ epsilon }: BatchNormAttrs): Attributes {
  return {
    T: attribute.float32,
    U: attribute.float32,
    epsilon: attribute.float(epsilon),
    data_format: attribute.text('NHWC'),
    is_training: attribute.bool(true),
  };
}
