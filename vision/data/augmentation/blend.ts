import type { Raster } from '../raster.ts';
import type { Operation } from './operation.ts';

/** Each goes from (magnitude -1) a plain version of the image over (0) the image itself to (above) more of what it has. */

/** From black. */
export const brightness: Operation = (image, { magnitude }) => blend(image, magnitude, () => 0);

/** From grey. */
export const colour: Operation = (image, { magnitude }) => {
  const grey = luminance(image);
  return blend(image, magnitude, (at) => grey[Math.floor(at / 3)]!);
};

/** From the mean grey, rounded. */
export const contrast: Operation = (image, { magnitude }) => {
  const grey = luminance(image);
  const mean = Math.floor(grey.reduce((sum, level) => sum + level, 0) / grey.length + 0.5);
  return blend(image, magnitude, () => mean);
};

/** From the image smoothed over 3 x 3 pixels, the middle one counted five times; the border stays as it is. */
export const sharpness: Operation = (image, { magnitude }) => {
  const smooth = smoothed(image);
  return blend(image, magnitude, (at) => smooth[at]!);
};

/** Pillow's `Image.blend` in float32: beyond 0 … 1 clipped, and the fraction of a level cut off. */
function blend(image: Raster, magnitude: number, plain: (at: number) => number): Raster {
  const factor = Math.fround(1 + magnitude);
  if (factor === 1) return image;
  // Stored into bytes that clip; what a fraction of a level is above is cut off before.
  const out = new Uint8ClampedArray(image.data.length);
  for (let at = 0; at < out.length; at += 1) {
    const from = plain(at);
    out[at] = Math.trunc(Math.fround(from + Math.fround(factor * (image.data[at]! - from))));
  }
  return { ...image, data: new Uint8Array(out.buffer) };
}

/** ITU-R 601 in 16-bit fixed point. */
function luminance({ width, height, data }: Raster): Uint8Array {
  const grey = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel += 1, at += 3) {
    grey[pixel] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return grey;
}

function smoothed({ width, height, data }: Raster): Uint8Array {
  const out = data.slice();
  const row = width * 3;
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * row + 3; at < (y + 1) * row - 3; at += 1) {
      let sum = 4 * data[at]!;
      for (const line of [at - row, at, at + row]) sum += data[line - 3]! + data[line]! + data[line + 3]!;
      out[at] = Math.floor((2 * sum + 13) / 26);
    }
  }
  return out;
}
