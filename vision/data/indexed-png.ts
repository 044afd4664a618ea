import { decode } from 'fast-png';
import { boundedPng } from './bounded-png.ts';
import { ImageFailure } from './image-failure.ts';
import type { Mask } from './raster.ts';

/** The indices of a PNG's pixels as they are stored, and the colours that its palette gives them. */
export interface IndexedPng extends Mask {
  /** [red, green, blue, …] of each index; undefined for a grey image, whose levels are the indices. */
  readonly palette: readonly (readonly number[])[] | undefined;
}

/** Reads a PNG of one index a pixel, of 1, 2, 4 or 8 bits. Throws `ImageFailure` with the file's name. */
export function readIndexedPng(bytes: Uint8Array, path: string): IndexedPng {
  try {
    const { width, height, depth, data, palette } = decode(boundedPng(bytes));
    const indices = depth === 8 ? Uint8Array.from(data) : unpack(data, { width, height, depth });
    return { width, height, data: indices, palette };
  } catch (cause) {
    throw new ImageFailure('corrupt', path, { cause });
  }
}

/** Rows of indices of 1, 2 or 4 bits; each row starts a byte. */
function unpack(
  data: ArrayLike<number>,
  { width, height, depth }: { readonly width: number; readonly height: number; readonly depth: number },
): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    const bit = (pixel % width) * depth;
    const byte = data[Math.floor(pixel / width) * rowBytes + (bit >> 3)]!;
    return (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  });
}
