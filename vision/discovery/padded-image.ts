import type { Raster } from '../data/image-set.ts';
import { normalise } from '../data/normalise.ts';
import type { Preprocessing } from '../models/model-entry.ts';

/** Normalised pixels of three channels: [height, width, 3]. */
export interface PaddedImage {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array<ArrayBuffer>;
}

/** An image at its own size, normalised, then padded to whole patches of `patch` x `patch` pixels. */
export function padToPatches(
  image: Raster,
  preprocessing: Pick<Preprocessing, 'mean' | 'std'>,
  patch: number,
): PaddedImage {
  const { width, height } = image;
  const data = new Float32Array(width * height * 3);
  normalise({ image, preprocessing, out: data, at: 0 });
  return padded({ width, height, data }, patch);
}

/** Filled up with zeros right and below, to multiples of `patch` (Siméoni et al. 2021, code). */
export function padded(image: PaddedImage, patch: number): PaddedImage {
  const width = Math.ceil(image.width / patch) * patch;
  const height = Math.ceil(image.height / patch) * patch;
  if (width === image.width && height === image.height) return image;
  const data = new Float32Array(height * width * 3);
  for (let row = 0; row < image.height; row++) {
    const from = row * image.width * 3;
    data.set(image.data.subarray(from, from + image.width * 3), row * width * 3);
  }
  return { height, width, data };
}
