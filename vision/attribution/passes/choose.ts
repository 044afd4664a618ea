import { tf } from '../../tensors/index.ts';

/**
 * Logits [images, classes] whose gradient, whatever comes in, is one at each image's target and zero elsewhere. Images do not
 * touch one another, so that one backward pass serves all.
 *
 * @param chosen - one at each image's target, [images, classes]; absent: the highest logit, the first among equals
 * @param share - what goes back: `one` for gradients, `logit` for relevance
 */
export function choose(
  logits: tf.Tensor,
  chosen: tf.Tensor | undefined,
  share: 'one' | 'logit' = 'one',
): tf.Tensor2D {
  return tf.customGrad((x, save) => {
    const value = x as tf.Tensor2D;
    (save as (tensors: tf.Tensor[]) => void)([value]);
    const gradFunc = (_dy: tf.Tensor, [seen]: tf.Tensor[]): tf.Tensor => {
      const mask = chosen?.clone() ?? tf.oneHot(tf.argMax(seen!, 1), value.shape[1]);
      return share === 'one' ? tf.cast(mask, 'float32') : tf.mul(mask, seen!);
    };
    return { value: value.clone(), gradFunc };
  })(logits);
}

/** One at each image's target, zero elsewhere: [images, classes]. */
export function chosenMask(targets: Int32Array, classes: number): Float32Array<ArrayBuffer> {
  const mask = new Float32Array(targets.length * classes);
  targets.forEach((target, image) => {
    if (target < 0 || target >= classes) throw new RangeError(`the model has no class ${target}`);
    mask[image * classes + target] = 1;
  });
  return mask;
}
