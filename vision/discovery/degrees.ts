import { tf } from '../tensors/index.ts';
import type { PatchFeatures } from './affinity.ts';

/**
 * Degrees of the patches of images whose maps have one shape, as `affinityOf(…).degrees()`, on the backend and in
 * float32: the one step of LOST that grows with the square of the patches. An affinity within float32's rounding of zero
 * may count differently than in float64. No patch may be zero.
 *
 * At most 2^22 affinities and their signs exist at once, or 512 x count of them where a map has more than 1,024 patches
 * (20 MB for 10,000 patches): never count x count.
 */
export async function degreesOnBackend(maps: readonly PatchFeatures[]): Promise<number[][]> {
  const { count = 0 } = maps[0] ?? {};
  const together = count > oneBlock ? 1 : Math.max(1, Math.floor(mostAffinities / count ** 2));
  const degrees: number[][] = [];
  for (let from = 0; from < maps.length; from += together) {
    const positives = positivesOf(maps.slice(from, from + together)); // [images x count]
    try {
      const counts = await positives.data<'float32'>();
      // Each patch has a positive affinity with itself, which does not count.
      for (let at = 0; at < counts.length; at += count)
        degrees.push(Array.from(counts.subarray(at, at + count), (positive) => positive - 1));
    } finally {
      positives.dispose();
    }
  }
  return degrees;
}

const oneBlock = 1024;
const blockRows = 512;
const mostAffinities = 2 ** 22;

function positivesOf(maps: readonly PatchFeatures[]): tf.Tensor {
  const { count, size } = maps[0]!;
  const values = new Float32Array(maps.length * count * size);
  maps.forEach(({ data }, image) => values.set(data, image * count * size));
  return tf.tidy(() => {
    if (count > oneBlock) return countInBlocks(tf.tensor2d(values, [count, size]));
    const features = tf.tensor3d(values, [maps.length, count, size]);
    return tf.reshape(tf.sum(positiveProducts(features, features), 2), [maps.length * count]);
  });
}

/** A is symmetric: blocks of its rows are computed from the diagonal on only, and counted along both axes. [count] */
function countInBlocks(features: tf.Tensor2D): tf.Tensor1D {
  const [count] = features.shape;
  let total = tf.zeros<tf.Rank.R1>([count]);
  for (let from = 0; from < count; from += blockRows) {
    const before = total;
    total = tf.tidy(() => tf.add(before, countFrom(features, from, Math.min(blockRows, count - from))));
    before.dispose();
  }
  return total;
}

/** What the rows `from` to `from + rows` of A, in the block's own columns and right of them, add to the counts. [count] */
function countFrom(features: tf.Tensor2D, from: number, rows: number): tf.Tensor1D {
  const [count] = features.shape;
  const block = tf.slice(features, [from, 0], [rows, -1]);
  const rest = tf.slice(features, [from, 0], [count - from, -1]);
  const positive = positiveProducts(block, rest); // [rows, count - from]
  const ofRows = tf.pad1d(tf.sum<tf.Tensor1D>(positive, 1), [from, count - from - rows]);
  if (from + rows === count) return ofRows;
  // The diagonal's block holds both of a pair; of the others, the columns stand for the pairs below the diagonal.
  const beyond = tf.slice(positive, [0, rows], [rows, count - from - rows]);
  return tf.add(ofRows, tf.pad1d(tf.sum<tf.Tensor1D>(beyond, 0), [from + rows, 0]));
}

/** 1 where a patch of `left` and one of `right` have a positive affinity, else 0. */
function positiveProducts<T extends tf.Tensor2D | tf.Tensor3D>(left: T, right: T): T {
  return tf.cast(tf.greater(tf.matMul<T>(left, right, false, true), 0), 'float32');
}
