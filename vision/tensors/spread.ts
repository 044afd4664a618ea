import { tf } from './tf.ts';

/**
 * Puts `stride - 1` zeros between neighbours along height and width.
 * @param x - [batch, height, width, channels]
 * @returns [batch, (height - 1) stride + 1, (width - 1) stride + 1, channels]
 */
export function insertZeros(x: tf.Tensor, stride: number): tf.Tensor4D {
  if (stride === 1) return x as tf.Tensor4D;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const behind: [number, number] = [0, stride - 1];
  const none: [number, number] = [0, 0];
  const rows = tf.pad(tf.reshape(x, [batch * height, 1, width * channels]), [none, behind, none]);
  const cells = tf.pad(tf.reshape(rows, [batch * height * stride * width, 1, channels]), [
    none,
    behind,
    none,
  ]);
  const spread: tf.Tensor4D = tf.reshape(cells, [batch, height * stride, width * stride, channels]);
  const size: [number, number, number, number] = [
    batch,
    (height - 1) * stride + 1,
    (width - 1) * stride + 1,
    channels,
  ];
  return tf.slice(spread, [0, 0, 0, 0], size);
}

/** Pads with zeros or crops one axis of a 4-D tensor to `length`, `before` (negative: cropped) of it in front. */
export function fitAxis(
  x: tf.Tensor4D,
  { axis, before, length }: { readonly axis: number; readonly before: number; readonly length: number },
): tf.Tensor4D {
  const after = length - before - x.shape[axis]!;
  const pads = x.shape.map((_, i) => (i === axis ? [Math.max(before, 0), Math.max(after, 0)] : [0, 0]));
  const wide = before > 0 || after > 0 ? tf.pad(x, pads as [number, number][]) : x;
  if (before >= 0 && after >= 0) return wide;
  const begin = x.shape.map((_, i) => (i === axis ? Math.max(-before, 0) : 0));
  const size = wide.shape.map((extent, i) => (i === axis ? length : extent));
  return tf.slice(wide, begin, size);
}
