import { tf } from '../tensors/index.ts';

/**
 * Queries, keys and values side by side -> head by head.
 * @param qkv - [batch, tokens, 3 x heads x size]
 * @returns [3, batch, heads, tokens, size]
 */
export function splitHeads(qkv: tf.Tensor, heads: number): tf.Tensor5D {
  const [batch, tokens, channels] = qkv.shape as [number, number, number];
  const apart = tf.reshape(qkv, [batch, tokens, 3, heads, channels / 3 / heads]);
  return tf.transpose(apart, [2, 0, 3, 1, 4]) as tf.Tensor5D;
}

/** [batch, heads, tokens, size] -> [batch, tokens, heads x size] */
export function mergeHeads(values: tf.Tensor): tf.Tensor3D {
  const [batch, heads, tokens, size] = values.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(values, [0, 2, 1, 3]), [batch, tokens, heads * size]);
}

/** The other way round: [batch, tokens, heads x size] -> [batch, heads, tokens, size] */
export function headsOf(tokens: tf.Tensor, heads: number): tf.Tensor4D {
  const [batch, count, channels] = tokens.shape as [number, number, number];
  const apart = tf.reshape<tf.Rank.R4>(tokens, [batch, count, heads, channels / heads]);
  return tf.transpose(apart, [0, 2, 1, 3]);
}
