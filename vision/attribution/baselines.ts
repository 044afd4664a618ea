import { gaussianBlur } from '../data/gaussian-blur.ts';
import { randomFrom } from '../random/random.ts';
import type { ImageBatch } from './image-batch.ts';
import { imageSize } from './image-batch.ts';
import { numberOption, type ExplainRequest } from './method.ts';

/** Where a path to the image may begin (Sturmfels et al. 2020 compare them). */
export type BaselineName = 'constant' | 'mean' | 'blurred' | 'uniform' | 'image';

export const baselineNames: readonly BaselineName[] = ['constant', 'mean', 'blurred', 'uniform', 'image'];

/** Baselines of some images: one value for all, or as many values as the images have. */
export async function baselineOf(request: ExplainRequest): Promise<number | Float32Array<ArrayBuffer>> {
  const { images, options } = request;
  const given = options['baseline'];
  // Callers of the library may hand in images of their own, [images, height, width, 3]; studies give a number.
  if (given instanceof Float32Array) return given as Float32Array<ArrayBuffer>;
  const name = (options['baseline_kind'] ?? 'constant') as BaselineName;
  switch (name) {
    case 'constant':
      return numberOption(options, 'baseline');
    case 'mean':
      return eachImage(images, meanColour);
    case 'blurred':
      return eachImage(images, (values) => blurred(values, images, numberOption(options, 'baseline_blur')));
    case 'uniform':
      return eachImage(images, (values, image) => uniform(values, request, image));
    case 'image':
      return everyImage(images, await otherImage(request));
  }
}

function eachImage(
  images: ImageBatch,
  make: (values: Float32Array, image: number) => Float32Array,
): Float32Array<ArrayBuffer> {
  const size = imageSize(images);
  const out = new Float32Array(images.count * size);
  for (let image = 0; image < images.count; image++) {
    out.set(make(images.data.subarray(image * size, (image + 1) * size), image), image * size);
  }
  return out;
}

function everyImage(images: ImageBatch, other: Float32Array): Float32Array<ArrayBuffer> {
  return eachImage(images, () => other);
}

/** The image's own mean colour everywhere. */
function meanColour(values: Float32Array): Float32Array {
  const sums = [0, 0, 0];
  values.forEach((value, i) => (sums[i % 3]! += value));
  return values.map((_, i) => sums[i % 3]! / (values.length / 3));
}

/** Each channel convolved with a normal kernel of `sigma` pixels, mirrored at the borders. */
function blurred(values: Float32Array, { width, height }: ImageBatch, sigma: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let channel = 0; channel < 3; channel++) {
    const data = Float64Array.from({ length: width * height }, (_, pixel) => values[pixel * 3 + channel]!);
    const plane = gaussianBlur({ width, height, data }, sigma, { kind: 'mirror' });
    plane.data.forEach((value, pixel) => (out[pixel * 3 + channel] = value));
  }
  return out;
}

/** Evenly distributed over the image's own range, by (seed, image) whatever the batch. */
function uniform(values: Float32Array, { keys, options }: ExplainRequest, image: number): Float32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const random = randomFrom(numberOption(options, 'seed'), keys[image]!);
  return values.map(() => low + random.uniform() * (high - low));
}

async function otherImage({ images, options, imageNamed }: ExplainRequest): Promise<Float32Array> {
  const id = options['baseline_image'] as string;
  const found = await imageNamed?.(id);
  if (found === undefined) throw new Error('nobody can say what image a name means');
  if (found.length !== imageSize(images)) throw new Error(`image ${id} has another size`);
  return found;
}
