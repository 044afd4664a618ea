import { decodeImage } from './decode.ts';
import { ImageFailure } from './image-failure.ts';
import { readIndexedPng } from './indexed-png.ts';
import { refuseUnknown } from './palette-mask.ts';
import type { Mask } from './raster.ts';

export interface ObjectMaskOptions {
  /** The index of the border between objects and ground, where masks have one. */
  readonly void?: number;
  /** How many classes the indices number; undefined: any index is an object. */
  readonly classes?: number;
}

/** Of a PNG: how it begins, where its header tells the kind of pixels, and which kinds have one index each. */
const begin = [0x89, 0x50, 0x4e, 0x47];
const [depthAt, colourAt] = [24, 25];
const [grey, palette] = [0, 3];

/**
 * A mask as any tool draws one: 0 is background, all else an object. Palette indices and grey levels are kept. Of colours,
 * black is background and any other 1 (transparency does not count). 255 without a meaning of its own becomes 254, since
 * masks in memory keep 255 for void; with classes it is an unknown index. Throws `ImageFailure` with the file's name.
 */
export async function readObjectMask(
  bytes: Uint8Array,
  path: string,
  options: ObjectMaskOptions,
): Promise<Mask> {
  if (!begin.every((byte, at) => bytes[at] === byte))
    throw new ImageFailure('corrupt', path, { cause: new Error('it is no PNG') });
  if (bytes[depthAt] === 16)
    throw new ImageFailure('corrupt', path, { cause: new Error('masks of 16 bits are not read: save 8') });
  const isIndexed = bytes[colourAt] === grey || bytes[colourAt] === palette;
  const { width, height, data } = isIndexed ? readIndexedPng(bytes, path) : await blackOrNot(bytes, path);
  const marked = data.map((index) => (index === options.void ? 255 : index === 255 ? 254 : index));
  const mask = { width, height, data: marked };
  refuseUnknown(mask, path, options.classes ?? 254);
  return mask;
}

async function blackOrNot(bytes: Uint8Array, path: string): Promise<Mask> {
  const { width, height, data } = await decodeImage(bytes, path);
  const mask = Uint8Array.from({ length: width * height }, (_, pixel) =>
    data[3 * pixel]! | data[3 * pixel + 1]! | data[3 * pixel + 2]! ? 1 : 0,
  );
  return { width, height, data: mask };
}
