import { decode } from 'fast-png';
import { boundedPng } from './bounded-png.ts';
import type { Mask } from './raster.ts';
import { ImageFailure } from './image-failure.ts';

/**
 * A VOC segmentation as foreground (1: any object), background (0) and void border (255). Class and object masks store
 * an index a pixel, beside a palette that is only for viewing: the indices count, not the colours they stand for.
 */
export function readPaletteMask(bytes: Uint8Array, path: string): Mask {
  const { width, height, channels, depth, data } = decodePng(bytes, path);
  if (channels !== 1 || depth > 8) {
    throw new ImageFailure('corrupt', path, { cause: new Error('a mask holds one index a pixel') });
  }
  const values = depth === 8 ? data : unpack(data, { width, height, depth });
  const mask = new Uint8Array(width * height);
  for (let pixel = 0; pixel < mask.length; pixel += 1) {
    const index = values[pixel]!;
    mask[pixel] = index === 0 || index === 255 ? index : 1;
  }
  return { width, height, data: mask };
}

function decodePng(bytes: Uint8Array, path: string): ReturnType<typeof decode> {
  try {
    return decode(boundedPng(bytes));
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
