import { tf } from '../tensors/index.ts';
import type { Layers } from './layer-set.ts';

/**
 * Queries, keys and values side by side -> head by head.
 * @param qkv - [batch x tokens, 3 x heads x size]
 * @returns [3, batch, heads, tokens, size]
 */
export function splitHeads(
  qkv: tf.Tensor,
  { heads, tokens }: { readonly heads: number; readonly tokens: number },
): tf.Tensor5D {
  const [rows, channels] = qkv.shape as [number, number];
  const apart = tf.reshape<tf.Rank.R5>(qkv, [rows / tokens, tokens, 3, heads, channels / 3 / heads]);
  return tf.transpose(apart, [2, 0, 3, 1, 4]);
}

/** [1, batch, heads, tokens, size] -> [batch x tokens, heads x size] */
export function mergeHeads(values: tf.Tensor): tf.Tensor2D {
  const [, batch, heads, tokens, size] = values.shape as [number, number, number, number, number];
  return tf.reshape(tf.transpose(values, [0, 1, 3, 2, 4]), [batch * tokens, heads * size]);
}

/** The other way round: [batch, tokens, heads x size] -> [1, batch, heads, tokens, size] */
export function headsOf(values: tf.Tensor, heads: number): tf.Tensor5D {
  const [batch, tokens, channels] = values.shape as [number, number, number];
  const apart = tf.reshape<tf.Rank.R5>(values, [1, batch, tokens, heads, channels / heads]);
  return tf.transpose(apart, [0, 1, 3, 2, 4]);
}

/** Shows a value [1, batch, …] without its first axis. */
export function tapBatch(net: Layers, name: string, value: tf.Tensor): tf.Tensor {
  return net.tapping ? tf.reshape(net.tap(name, tf.squeeze(value, [0])), value.shape) : value;
}
