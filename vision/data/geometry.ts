import type { Mask, Raster } from './raster.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size whose shorter side is `side`, the longer one truncated, as torchvision's `Resize` has it. */
export function shorterSide(image: Size, side: number): Size {
  const { width, height } = image;
  return width <= height
    ? { width: side, height: Math.trunc((side * height) / width) }
    : { width: Math.trunc((side * width) / height), height: side };
}

/** The middle `crop` x `crop` pixels; what lies beyond the image is black. */
export function centreCrop(image: Raster, crop: number): Raster {
  if (image.width === crop && image.height === crop) return image;
  const data = cropPlane({ ...image, channels: 3, ...centre(image, crop), crop });
  return { width: crop, height: crop, data };
}

/** The same for a mask; what lies beyond is background. */
export function centreCropMask(mask: Mask, crop: number): Mask {
  if (mask.width === crop && mask.height === crop) return mask;
  const data = cropPlane({ ...mask, channels: 1, ...centre(mask, crop), crop });
  return { width: crop, height: crop, data };
}

/** A `crop` x `crop` window whose upper left corner is (`left`, `top`), which may lie outside; black there. */
export function cropAt(image: Raster, window: { left: number; top: number; crop: number }): Raster {
  const data = cropPlane({ ...image, channels: 3, ...window });
  return { width: window.crop, height: window.crop, data };
}

/** Part of an image. */
export interface Window extends Size {
  readonly left: number;
  readonly top: number;
}

/** A copy of a window that lies within the image. */
export function cutOut(image: Raster, { left, top, width, height }: Window): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

export function flipHorizontally(image: Raster): Raster {
  const { width, height } = image;
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + width - 1 - x) * 3;
      const to = (y * width + x) * 3;
      data[to] = image.data[from]!;
      data[to + 1] = image.data[from + 1]!;
      data[to + 2] = image.data[from + 2]!;
    }
  }
  return { width, height, data };
}

/** torchvision pads first, by half of what lacks (rounded down at the upper left), then crops the middle. */
function centre({ width, height }: Size, crop: number): { left: number; top: number } {
  return { left: offset(width, crop), top: offset(height, crop) };
}

function offset(size: number, crop: number): number {
  return size >= crop ? roundHalfToEven((size - crop) / 2) : -Math.floor((crop - size) / 2);
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

interface CropRequest extends Size {
  readonly data: Uint8Array;
  readonly channels: number;
  readonly left: number;
  readonly top: number;
  readonly crop: number;
}

function cropPlane({ width, height, data, channels, left, top, crop }: CropRequest): Uint8Array {
  const out = new Uint8Array(crop * crop * channels);
  const firstX = Math.max(0, -left);
  const lastX = Math.min(crop, width - left);
  if (lastX <= firstX) return out;
  for (let y = Math.max(0, -top); y < Math.min(crop, height - top); y += 1) {
    const row = (y + top) * width + left;
    out.set(
      data.subarray((row + firstX) * channels, (row + lastX) * channels),
      (y * crop + firstX) * channels,
    );
  }
  return out;
}
