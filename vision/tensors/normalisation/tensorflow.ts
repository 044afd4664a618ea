import { attribute, runTensorflowMany, type Attributes } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';
import type { BatchNormAttrs, BatchNormGradientInputs, BatchNormInputs } from './shapes.ts';

/**
 * TensorFlow's operation has six outputs: y, mean, *unbiased* variance, and what its gradient reads: the mean again, the
 * biased variance on CPU but the inverse deviation under cuDNN, and cuDNN's workspace. Only the third is a variance on
 * every device.
 */
export function fusedBatchNorm({ x, scale, offset }: BatchNormInputs, attrs: BatchNormAttrs): tf.Tensor[] {
  const none = tf.tensor1d([]);
  const [y, mean, unbiased, , spread, workspace] = runTensorflowMany(
    'FusedBatchNormV3',
    [x, scale, offset, none, none],
    { ...attributesOf(attrs), exponential_avg_factor: attribute.float(1) },
    6,
  );
  const count = x.size / scale.size;
  return [y!, mean!, tf.mul(unbiased!, (count - 1) / count), spread!, workspace!];
}

export function fusedBatchNormGradient(
  { dy, x, scale, mean, spread, workspace }: BatchNormGradientInputs,
  attrs: BatchNormAttrs,
): tf.Tensor[] {
  const inputs = [dy, x, scale, mean, spread, workspace];
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
