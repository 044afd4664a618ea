import { ImageFailure } from './image-failure.ts';
import { readIndexedPng } from './indexed-png.ts';
import type { Mask } from './raster.ts';

/**
 * A VOC segmentation: background (0), void border (255), and between them the index of a class or an object. The PNG
 * stores an index a pixel, beside a palette that is only for viewing: the indices count, not the colours.
 *
 * @param highest the highest index that means something; another one, 255 aside, is an `ImageFailure` with its place.
 */
export function readPaletteMask(bytes: Uint8Array, path: string, highest = 254): Mask {
  const { width, height, data } = readIndexedPng(bytes, path);
  const mask = { width, height, data };
  refuseUnknown(mask, path, highest);
  return mask;
}

/** Throws `ImageFailure` where a mask holds an index that nothing has. */
export function refuseUnknown({ width, data }: Mask, path: string, highest: number): void {
  const at = data.findIndex((index) => index > highest && index !== 255);
  if (at < 0) return;
  const place = `column ${at % width}, row ${Math.floor(at / width)}`;
  throw new ImageFailure('corrupt', path, {
    cause: new Error(
      `index ${data[at]} (${place}) is no background, no void border (255) and none of the ${highest} classes`,
    ),
  });
}
