import { attribute, runTensorflowMany, type Attributes } from '../tensorflow-ops.ts';
import type { tf } from '../tf.ts';
import type {
  BatchNormAttrs,
  BatchNormGradientInputs,
  BatchNormInputs,
  TrainingBatchNormAttrs,
} from './shapes.ts';

/**
 * TensorFlow's operation has six outputs: y, the new running mean and variance (blended with the unbiased variance, as in
 * PyTorch), and what its gradient reads: the batch's mean, its biased variance on CPU but the inverse deviation under
 * cuDNN, and cuDNN's workspace.
 */
export function fusedBatchNorm(
  { x, scale, offset, mean, variance }: BatchNormInputs,
  attrs: TrainingBatchNormAttrs,
): tf.Tensor[] {
  return runTensorflowMany(
    'FusedBatchNormV3',
    [x, scale, offset, mean, variance],
    { ...attributesOf(attrs), exponential_avg_factor: attribute.float(attrs.momentum) },
    6,
  );
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
