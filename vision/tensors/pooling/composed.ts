import { fitAxis, insertZeros } from '../spread.ts';
import { tf } from '../tf.ts';
import type { MaxPoolGradientInputs, MaxPoolInputs, PoolAttrs } from './geometry.ts';

/** Below every value of a network, yet finite, so that no backend turns it into NaN. */
const LOWEST = -3.4e38;

export function composedMaxPool({ x }: MaxPoolInputs, { size, stride, padding }: PoolAttrs): tf.Tensor {
  return tf.maxPool(padded(x, padding), size, stride, 'valid');
}

/** Window element by window element: where it equals the maximum and none before it did, it takes the gradient. */
export function composedMaxPoolGradient(
  { dy, x, y }: MaxPoolGradientInputs,
  { size, stride, padding }: PoolAttrs,
): tf.Tensor {
  const wide = padded(x, padding);
  const [, height, width] = x.shape as [number, number, number, number];
  const [batch, rows, columns, channels] = y.shape as [number, number, number, number];
  let open = tf.ones([batch, rows, columns, channels]);
  let total: tf.Tensor4D = tf.zerosLike(x as tf.Tensor4D);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const end = [batch, i + (rows - 1) * stride + 1, j + (columns - 1) * stride + 1, channels];
      const element = tf.stridedSlice(wide, [0, i, j, 0], end, [1, stride, stride, 1]);
      const hit = tf.mul(tf.cast(tf.equal(element, y), 'float32'), open);
      open = tf.sub(open, hit);
      const spread = insertZeros(tf.mul(hit, dy), stride);
      const inRows = fitAxis(spread, { axis: 1, before: i - padding, length: height });
      total = tf.add(total, fitAxis(inRows, { axis: 2, before: j - padding, length: width }));
    }
  }
  return total;
}

function padded(x: tf.Tensor, padding: number): tf.Tensor4D {
  if (padding === 0) return x as tf.Tensor4D;
  const around: [number, number] = [padding, padding];
  return tf.pad(x as tf.Tensor4D, [[0, 0], around, around, [0, 0]], LOWEST);
}
