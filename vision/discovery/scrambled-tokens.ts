import { tf } from '../tensors/index.ts';

/**
 * Patches as the authors of the paper take them for a vision transformer's keys. Their hook is handed the last attention's
 * input x three times over, as query, key and value, [3, T, width] for T tokens, and reads that as [T, 3, width]: what
 * it takes for the key of token t is entry 3t + 1 of the three inputs in a row, which is x of token (3t + 1) mod T, and no
 * key at all. Patch p is token p + 1. A third of the tokens, the class token among them, can stand in for all patches.
 * @param tokens - [batch, T, width], the class token first
 * @returns [batch, T, width], to be read like tokens: the class token's place first, which no patch has
 */
export function scrambledTokens(tokens: tf.Tensor): tf.Tensor {
  const count = tokens.shape[1]!;
  const taken = Int32Array.from({ length: count }, (_, token) => (3 * token + 1) % count);
  return tf.tidy(() => tf.gather(tokens, tf.tensor1d(taken, 'int32'), 1));
}
