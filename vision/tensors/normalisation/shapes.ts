import type { tf } from '../tf.ts';

export interface BatchNormAttrs extends tf.NamedAttrMap {
  epsilon: number;
}

export interface TrainingBatchNormAttrs extends BatchNormAttrs {
  /** Share of the batch in the new running statistics. */
  momentum: number;
}

/** x [batch, height, width, channels], the others [channels]; mean and variance are the running ones. */
export interface BatchNormInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
  scale: tf.Tensor;
  offset: tf.Tensor;
  mean: tf.Tensor;
  variance: tf.Tensor;
}

/**
 * dy and x [batch, height, width, channels]; scale and mean [channels]; spread and workspace as the forward pass of the
 * same backend left them.
 */
export interface BatchNormGradientInputs extends Record<string, tf.Tensor> {
  dy: tf.Tensor;
  x: tf.Tensor;
  scale: tf.Tensor;
  mean: tf.Tensor;
  /** [channels]: the biased variance; under cuDNN the inverse deviation. */
  spread: tf.Tensor;
  /** cuDNN's own; of no meaning elsewhere. */
  workspace: tf.Tensor;
}
