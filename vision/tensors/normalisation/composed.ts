import { tf } from '../tf.ts';
import type {
  BatchNormAttrs,
  BatchNormGradientInputs,
  BatchNormInputs,
  TrainingBatchNormAttrs,
} from './shapes.ts';

const BUT_CHANNELS = [0, 1, 2];

/** The spread is the batch's biased variance here, and the workspace is empty. */
export function composedBatchNorm(
  { x, scale, offset, mean: runningMean, variance: runningVariance }: BatchNormInputs,
  { epsilon, momentum }: TrainingBatchNormAttrs,
): tf.Tensor[] {
  const mean = tf.mean(x, BUT_CHANNELS);
  const centred = tf.sub(x, mean);
  const variance = tf.mean(tf.square(centred), BUT_CHANNELS);
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  const count = x.size / scale.size;
  const unbiased = tf.mul(variance, count / Math.max(count - 1, 1));
  const blend = (old: tf.Tensor, fresh: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(old, 1 - momentum), tf.mul(fresh, momentum));
  return [
    tf.add(tf.mul(centred, factor), offset),
    blend(runningMean, mean),
    blend(runningVariance, unbiased),
    mean,
    variance,
    tf.tensor1d([]),
  ];
}

/** dx = scale / sigma (dy - mean(dy) - xhat mean(dy xhat)), from algorithm 1's chain rule (Ioffe and Szegedy 2015). */
export function composedBatchNormGradient(
  { dy, x, scale, mean, spread }: BatchNormGradientInputs,
  { epsilon }: BatchNormAttrs,
): tf.Tensor[] {
  const count = x.size / scale.size;
  const inverse = tf.rsqrt(tf.add(spread, epsilon));
  const normed = tf.mul(tf.sub(x, mean), inverse);
  const dOffset = tf.sum(dy, BUT_CHANNELS);
  const dScale = tf.sum(tf.mul(dy, normed), BUT_CHANNELS);
  const inner = tf.sub(tf.sub(dy, tf.div(dOffset, count)), tf.mul(normed, tf.div(dScale, count)));
  return [tf.mul(inner, tf.mul(scale, inverse)), dScale, dOffset];
}
