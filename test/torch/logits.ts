import type { LoadedModel } from '../../tasks/model/load-model.ts';
import { tf } from '../../vision/tensors/index.ts';
import { hashFill } from '../support/hash-fill.ts';

/** One image of noise, float32 [1, 3, side, side]: what both sides compute logits of. */
export function imageOf(side: number): Float32Array {
  return hashFill({ seed: 5, count: 3 * side * side, scale: 1.7 });
}

/** A model's logits of that image. */
export async function logitsOf({ stored, network, state }: LoadedModel): Promise<readonly number[]> {
  const side = stored.preprocessing.crop;
  const logits = tf.tidy(() => {
    const image = tf.transpose(tf.tensor4d(imageOf(side), [1, 3, side, side]), [0, 2, 3, 1]);
    return network.forward({ state, input: image });
  });
  const values = [...(await logits.data())];
  logits.dispose();
  return values;
}
