import { tf } from '../tensors/index.ts';
import type { Network } from './network.ts';

/**
 * A network's value as a map [batch, rows, columns, channels]: a map as it is, tokens without the class token on their grid.
 * @param images - shape of the images that it was made from, [batch, height, width, channels]
 */
export function featureMap(network: Network, value: tf.Tensor, images: readonly number[]): tf.Tensor4D {
  if (value.rank === 4) return value as tf.Tensor4D;
  const grid = network.tokenGrid?.(images);
  const [batch, tokens, channels] = value.shape as [number, number, number];
  if (value.rank !== 3 || grid === undefined || tokens !== 1 + grid[0] * grid[1])
    throw new Error(`a value of shape [${value.shape.join(', ')}] is no map`);
  const patches = tf.slice(value, [0, 1, 0], [batch, tokens - 1, channels]);
  return tf.reshape(patches, [batch, ...grid, channels]);
}
