import { tf } from '../tf.ts';

/**
 * Mean over the batch of the cross-entropy between softmax(logits) and the targets (PyTorch's `cross_entropy`).
 * With label smoothing s the target becomes (1 - s) target + s / classes (Szegedy et al. 2016, section 7).
 * @param logits - [batch, classes]
 * @param labels - class indices [batch], int32; or probabilities [batch, classes]
 * @returns a scalar in nats; the gradient reaches the logits
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor,
  labels: tf.Tensor,
  { labelSmoothing = 0 }: { readonly labelSmoothing?: number } = {},
): tf.Scalar {
  const [batch, classes] = logits.shape as [number, number];
  return tf.tidy(() => {
    const targets = labels.rank === 1 ? tf.oneHot(tf.cast(labels, 'int32'), classes) : labels;
    const smoothed =
      labelSmoothing === 0
        ? tf.cast(targets, 'float32')
        : tf.add(tf.mul(targets, 1 - labelSmoothing), labelSmoothing / classes);
    return tf.div<tf.Scalar>(tf.neg(tf.sum(tf.mul(smoothed, tf.logSoftmax(logits)))), batch);
  });
}
