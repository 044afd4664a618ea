import type { Preprocessing } from '../models/model-entry.ts';
import { centreCrop, centreCropMask, shorterSide } from './geometry.ts';
import type { Mask, Raster } from './raster.ts';
import { normalise } from './normalise.ts';
import { resize } from './resize.ts';

/**
 * An image as a model's input: shorter side resized, centre cropped, scaled to 0..1 and standardised by channel, as
 * torchvision's evaluation transform does it on a Pillow image.
 *
 * @returns [crop, crop, 3], row by row.
 */
export function preprocess(image: Raster, preprocessing: Preprocessing): Float32Array<ArrayBuffer> {
  const { crop } = preprocessing;
  const out = new Float32Array(crop * crop * 3);
  normalise({ image: resizeAndCrop(image, preprocessing), preprocessing, out, at: 0 });
  return out;
}

/** The geometry of `preprocess` alone: what the model sees, as an 8-bit image of `crop` x `crop` pixels. */
export function resizeAndCrop(image: Raster, preprocessing: Preprocessing): Raster {
  return centreCrop(resizeShorterSide(image, preprocessing), preprocessing.crop);
}

/** The same geometry for a mask, with nearest-neighbour sampling. Pixels beyond the image are background. */
export function preprocessMask(mask: Mask, preprocessing: Preprocessing): Mask {
  const { resize: side, crop } = preprocessing;
  return centreCropMask(side === undefined ? mask : resizeNearest(mask, shorterSide(mask, side)), crop);
}

function resizeShorterSide(image: Raster, { resize: side, interpolation }: Preprocessing): Raster {
  return side === undefined ? image : resize(image, { ...shorterSide(image, side), interpolation });
}

/** Pillow's nearest neighbour: the source pixel under the centre of each output pixel. */
function resizeNearest(mask: Mask, { width, height }: { width: number; height: number }): Mask {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * mask.height) / height) * mask.width;
    for (let x = 0; x < width; x += 1) {
      data[y * width + x] = mask.data[row + Math.floor(((x + 0.5) * mask.width) / width)]!;
    }
  }
  return { width, height, data };
}
