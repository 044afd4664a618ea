import type { DataFiles } from './data-files.ts';
import { ImageFailure } from './image-failure.ts';
import type { ImageSet } from './image-set.ts';
import { imageSize } from './image-size.ts';
import type { Mask } from './raster.ts';

/** An image and its mask, as paths. */
export interface MaskedItem {
  readonly image: string;
  readonly mask?: string;
}

/**
 * How the masks of a set come from files. A mask of another size than its image is an `ImageFailure` that names both;
 * it would otherwise be stretched over it and score something.
 */
export function masksOf(
  items: readonly MaskedItem[],
  { read }: DataFiles,
  decode: (bytes: Uint8Array, path: string) => Mask | Promise<Mask>,
): NonNullable<ImageSet['mask']> {
  const fitting = new Set<number>();
  return async (index) => {
    const { image, mask: path } = items[index]!;
    if (path === undefined) return undefined;
    const mask = await decode(await read(path), path);
    if (!fitting.has(index)) {
      const { width, height } = await imageSize(await read(image), image);
      if (width !== mask.width || height !== mask.height) {
        const cause = new Error(
          `it has ${mask.width} x ${mask.height} pixels, its image ${image} ${width} x ${height}`,
        );
        throw new ImageFailure('mismatched', path, { cause });
      }
      fitting.add(index);
    }
    return mask;
  };
}
