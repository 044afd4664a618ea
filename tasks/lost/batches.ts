import type { PaddedImage } from '../../vision/discovery/padded-image.ts';

/** Something with an image to run through a network. */
export interface Padded {
  readonly padded: PaddedImage;
}

export interface BatchLimits {
  /** Pixels and images that go through the network at once. */
  readonly pixels: number;
  readonly images: number;
  /** Pixels that may wait for others of their size before the largest group goes as it is. */
  readonly waiting: number;
}

/** About five photographs of VOC: as much as keeps a device busy, and a transformer's attention within 1 GB. */
export const usualLimits: BatchLimits = { pixels: 2 ** 20, images: 128, waiting: 2 ** 23 };

/**
 * Images in groups of one padded size, each group as soon as it is full: photographs come in few sizes, but in any order.
 * The groups depend on the images' sizes and order alone.
 */
export async function* sameSizeBatches<T extends Padded>(
  images: AsyncIterable<T>,
  limits: BatchLimits = usualLimits,
): AsyncGenerator<readonly T[]> {
  const groups = new Map<string, T[]>();
  let waiting = 0;
  const take = (size: string): readonly T[] => {
    const group = groups.get(size)!;
    groups.delete(size);
    waiting -= group.length * pixelsOf(group[0]!);
    return group;
  };
  for await (const image of images) {
    const size = `${image.padded.height}x${image.padded.width}`;
    const group = groups.get(size) ?? [];
    groups.set(size, group);
    group.push(image);
    waiting += pixelsOf(image);
    const isFull = group.length >= limits.images || (group.length + 1) * pixelsOf(image) > limits.pixels;
    if (isFull) yield take(size);
    else if (waiting > limits.waiting) yield take(largest(groups));
  }
  for (const size of [...groups.keys()]) yield take(size);
}

function pixelsOf({ padded }: Padded): number {
  return padded.height * padded.width;
}

function largest(groups: ReadonlyMap<string, readonly Padded[]>): string {
  const weigh = (group: readonly Padded[]): number => group.length * pixelsOf(group[0]!);
  return [...groups].reduce((most, next) => (weigh(next[1]) > weigh(most[1]) ? next : most))[0];
}
