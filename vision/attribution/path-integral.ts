import type { Differentiable, Logits, PathNode } from './differentiable.ts';
import type { ImageBatch } from './image-batch.ts';
import { imageSize, sliceImages } from './image-batch.ts';
import { logitOf } from './logits.ts';

interface Path {
  readonly network: Differentiable;
  readonly images: ImageBatch;
  readonly targets: Int32Array;
  readonly nodes: readonly PathNode[];
  /** Where the paths begin: one value for all, or as many as the images have. */
  readonly from: number | Float32Array<ArrayBuffer>;
  /** Logits of the images. */
  readonly atImage: Logits;
}

export interface PathIntegral {
  /** The share of each value of the images, [images, height, width, 3]. */
  readonly data: Float32Array<ArrayBuffer>;
  /** An image's shares less the change of its logit along the path, summed in float64. */
  readonly convergenceDelta: Float64Array<ArrayBuffer>;
}

/** (x - x') times the integral of the gradient on the line from x' to x. */
export async function alongPath(path: Path): Promise<PathIntegral> {
  const { network, images, targets, nodes, from, atImage } = path;
  const integral = await network.pathGradients({ images, from, targets, nodes });
  const startOf = (i: number): number => (typeof from === 'number' ? from : from[i]!);
  const shares = integral.map((gradient, i) => gradient * (images.data[i]! - startOf(i)));
  const size = imageSize(images);
  const atStart = await logitsAtStart(path);
  const convergenceDelta = Float64Array.from(targets, (target, image) => {
    const sum = shares.subarray(image * size, (image + 1) * size).reduce((total, share) => total + share, 0);
    return sum - (logitOf(atImage, image, target) - atStart(image, target));
  });
  return { data: Float32Array.from(shares), convergenceDelta };
}

/** One pass of one image where all paths begin at the same. */
async function logitsAtStart({
  network,
  images,
  from,
}: Path): Promise<(image: number, target: number) => number> {
  if (typeof from !== 'number') {
    const logits = await network.logits({ ...images, data: from });
    return (image, target) => logitOf(logits, image, target);
  }
  const one = sliceImages(images, 0, 1);
  const logits = await network.logits({ ...one, data: new Float32Array(one.data.length).fill(from) });
  return (_image, target) => logitOf(logits, 0, target);
}
