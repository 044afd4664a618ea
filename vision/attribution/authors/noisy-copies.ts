import { randomFrom } from '../../random/random.ts';
import type { ImageBatch } from '../image-batch.ts';
import { imageSize } from '../image-batch.ts';

/** The authors' "integrated gradients" are the mean over so many noisy copies of each image. */
export const authorsCopies = 2;

/** A copy with standard normal noise, as strong as the images themselves after normalisation; the authors' has no seed. */
export function noisyCopy(
  images: ImageBatch,
  { keys, seed, copy }: { readonly keys: ArrayLike<number>; readonly seed: number; readonly copy: number },
): ImageBatch {
  const size = imageSize(images);
  const data = images.data.slice();
  for (let image = 0; image < images.count; image++) {
    const random = randomFrom(seed, keys[image]!, copy);
    for (let i = image * size; i < (image + 1) * size; i++) data[i]! += random.normal();
  }
  return { ...images, data };
}
