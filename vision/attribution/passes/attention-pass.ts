import type { Tap } from '../../models/network.ts';
import { tf } from '../../tensors/index.ts';
import type { Evaluated, Pass } from './pass.ts';

/** Images -> logits, and the value of each tap named, in the order of the pass; a row an image. */
export function attentionPass({ network, state }: Evaluated, taps: readonly string[]): Pass {
  const wanted = new Set(taps);
  return ([images]) => {
    const [count = 0] = images!.shape;
    const seen: tf.Tensor[] = [];
    const tap: Tap = (name, value) => {
      if (wanted.has(name)) seen.push(tf.keep(value.clone()));
      return value;
    };
    const logits = network.forward({ state, input: images!, tap });
    // [images x windows, heads, tokens, tokens] -> [images, windows, heads, tokens, tokens]
    const rows = seen.map((value) => tf.reshape(value, [count, -1, ...value.shape.slice(1)]));
    tf.dispose(seen);
    return [logits, ...rows];
  };
}
