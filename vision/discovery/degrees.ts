import { tf } from '../tensors/index.ts';
import type { PatchFeatures } from './affinity.ts';

/**
 * Degrees of the patches, as `affinityOf(…).degrees()`, on the backend and in float32: the one step of LOST that grows
 * with the square of the patches. An affinity within float32's rounding of zero may count differently than in float64.
 * No patch may be zero.
 */
export async function degreesOnBackend({ count, size, data }: PatchFeatures): Promise<number[]> {
  const features = tf.tensor2d(Float32Array.from(data), [count, size]);
  const degrees: number[] = [];
  const rows = Math.max(1, Math.floor(blockValues / count));
  try {
    for (let from = 0; from < count; from += rows) {
      const block = tf.tidy(() => {
        const some = tf.slice(features, [from, 0], [Math.min(rows, count - from), size]);
        const affinity = tf.matMul(some, features, false, true); // [rows, count]
        return tf.sum(tf.cast(tf.greater(affinity, 0), 'float32'), 1);
      });
      // Each patch has a positive affinity with itself, which does not count.
      for (const positive of await block.data()) degrees.push(positive - 1);
      block.dispose();
    }
  } finally {
    features.dispose();
  }
  return degrees;
}

/** Affinities held at once: 64 MB. */
const blockValues = 2 ** 24;
