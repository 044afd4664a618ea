import type { Raster } from './raster.ts';

/** One channel of an image in floating point; 0 is black, 1 is white. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** [height, width] */
  readonly data: Float64Array;
}

/** Luminance with the weights of Rec. 709, as scikit-image's `rgb2gray` has it. */
export function toGrey({ width, height, data }: Raster): Plane {
  const grey = new Float64Array(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel += 1, at += 3) {
    grey[pixel] = (0.2125 * data[at]! + 0.7154 * data[at + 1]! + 0.0721 * data[at + 2]!) / 255;
  }
  return { width, height, data: grey };
}

/** A grey image; values beyond 0 … 1 are clipped. */
export function fromGrey({ width, height, data }: Plane): Raster {
  const out = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < data.length; pixel += 1) {
    out.fill(toByte(data[pixel]!), pixel * 3, pixel * 3 + 3);
  }
  return { width, height, data: out };
}

export function mapPlane(plane: Plane, change: (value: number, at: number) => number): Plane {
  return { ...plane, data: plane.data.map(change) };
}

export function meanOf({ data }: Plane): number {
  let total = 0;
  for (const value of data) total += value;
  return total / data.length;
}

/** 0 … 1 as 0 … 255. */
export function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? 255 : Math.round(value * 255);
}
