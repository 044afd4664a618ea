import { symmetricBeta } from '../random/beta.ts';
import type { Random } from '../random/random.ts';
import { tf } from '../tensors/index.ts';

/** How each image of a batch is blended with the one before it. */
export interface Mix {
  /** [height, width], row by row: the image's own share of each pixel. */
  readonly blend: Float32Array;
  /** The image's own share of the target. */
  readonly share: number;
}

/** Each the parameter of a Beta distribution; 0 where it is off. With both on, every second batch has the one or the other. */
export interface Mixing {
  readonly mixup: number;
  readonly cutmix: number;
}

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Draws how a batch is mixed, as torchvision's recipes do: the share from Beta(alpha, alpha). */
export function drawMix({ mixup, cutmix }: Mixing, size: ImageSize, random: Random): Mix {
  if (cutmix === 0 || (mixup > 0 && random.chance(0.5))) return mixupOf(symmetricBeta(random, mixup), size);
  const share = symmetricBeta(random, cutmix);
  return cutmixOf(share, { x: random.integer(size.width), y: random.integer(size.height) }, size);
}

/** Mixup (Zhang et al. 2018, equation 1): the same share everywhere. */
export function mixupOf(share: number, { height, width }: ImageSize): Mix {
  return { blend: new Float32Array(height * width).fill(share), share };
}

/**
 * CutMix (Yun et al. 2019, equations 1 and 2): a box around `centre` comes from the other image, whole. Half its sides
 * are cut to whole pixels and the box is cut at the border, so the share becomes what is left of the image.
 */
export function cutmixOf(
  share: number,
  centre: { readonly x: number; readonly y: number },
  { height, width }: ImageSize,
): Mix {
  const radius = 0.5 * Math.sqrt(1 - share);
  const [left, right] = span(centre.x, Math.trunc(radius * width), width);
  const [top, bottom] = span(centre.y, Math.trunc(radius * height), height);
  const blend = new Float32Array(height * width).fill(1);
  for (let y = top; y < bottom; y += 1) blend.fill(0, y * width + left, y * width + right);
  return { blend, share: 1 - ((right - left) * (bottom - top)) / (width * height) };
}

function span(centre: number, half: number, size: number): readonly [number, number] {
  return [Math.max(centre - half, 0), Math.min(centre + half, size)];
}

/**
 * A batch of which each image is blended with the one before it, and the targets likewise.
 * @param images - [batch, height, width, channels]
 * @param targets - [batch, classes]
 * @param before - the image and the target that stand before the first: [1, height, width, channels], [1, classes]
 * @param blend - [1, height, width, 1]
 * @param share - []
 */
export function mixed(request: {
  readonly images: tf.Tensor;
  readonly targets: tf.Tensor;
  readonly before: { readonly images: tf.Tensor; readonly targets: tf.Tensor };
  readonly blend: tf.Tensor;
  readonly share: tf.Tensor;
}): { readonly images: tf.Tensor4D; readonly targets: tf.Tensor2D } {
  const { images, targets, before, blend, share } = request;
  const between = (own: tf.Tensor, first: tf.Tensor, part: tf.Tensor): tf.Tensor => {
    const others = tf.concat([first, tf.slice(own, 0, own.shape[0] - 1)]);
    return tf.add(tf.mul(own, part), tf.mul(others, tf.sub(1, part)));
  };
  return tf.tidy(() => ({
    images: between(images, before.images, blend) as tf.Tensor4D,
    targets: between(targets, before.targets, share) as tf.Tensor2D,
  }));
}
