import { tf } from '../tensors/index.ts';
import type { PatchFeatures } from './affinity.ts';

/**
 * Degrees of the patches, as `affinityOf(…).degrees()`, on the backend and in float32: the one step of LOST that grows
 * with the square of the patches. An affinity within float32's rounding of zero may count differently than in float64.
 * No patch may be zero.
 *
 * A is symmetric: blocks of its rows are computed from the diagonal on only, and counted along both axes. At most
 * 512 x count affinities exist at once (20 MB for 10,000 patches) and their signs, never count x count; up to 1,024
 * patches are one block, whose halving would cost more than it saves.
 */
export async function degreesOnBackend({ count, size, data }: PatchFeatures): Promise<number[]> {
  const features = tf.tensor2d(data instanceof Float32Array ? data : new Float32Array(data), [count, size]);
  try {
    const degrees = tf.tidy(() => {
      if (count <= oneBlock) return tf.sum<tf.Tensor1D>(positiveProducts(features, features), 1);
      let positives: tf.Tensor1D = tf.zeros<tf.Rank.R1>([count]);
      for (let from = 0; from < count; from += blockRows) {
        const rows = Math.min(blockRows, count - from);
        positives = sum(positives, countFrom(features, from, rows));
      }
      return positives;
    });
    try {
      // Each patch has a positive affinity with itself, which does not count.
      return Array.from(await degrees.data(), (positive) => positive - 1);
    } finally {
      degrees.dispose();
    }
  } finally {
    features.dispose();
  }
}

const oneBlock = 1024;
const blockRows = 512;

/** What the rows `from` to `from + rows` of A, right of the block's own columns and in them, add to the counts. [count] */
function countFrom(features: tf.Tensor2D, from: number, rows: number): tf.Tensor1D {
  return tf.tidy(() => {
    const count = features.shape[0];
    const block = tf.slice(features, [from, 0], [rows, -1]);
    const rest = tf.slice(features, [from, 0], [count - from, -1]);
    const positive = positiveProducts(block, rest); // [rows, count - from]
    const ofRows = tf.pad1d(tf.sum<tf.Tensor1D>(positive, 1), [from, count - from - rows]);
    if (from + rows === count) return ofRows;
    // The diagonal's block holds both of a pair; of the others, the columns stand for the pairs below the diagonal.
    const beyond = tf.slice(positive, [0, rows], [rows, count - from - rows]);
    return tf.add(ofRows, tf.pad1d(tf.sum<tf.Tensor1D>(beyond, 0), [from + rows, 0]));
  });
}

/** 1 where a patch of `left` and one of `right` have a positive affinity, else 0. */
function positiveProducts(left: tf.Tensor2D, right: tf.Tensor2D): tf.Tensor2D {
  return tf.cast(tf.greater(tf.matMul(left, right, false, true), 0), 'float32');
}

/** The old total is given up at once, or all of them would live until the last block. */
function sum(total: tf.Tensor1D, more: tf.Tensor1D): tf.Tensor1D {
  const added = tf.add<tf.Tensor1D>(total, more);
  total.dispose();
  more.dispose();
  return added;
}
