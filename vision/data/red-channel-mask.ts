import { readIndexedPng } from './indexed-png.ts';
import type { Mask } from './raster.ts';

/**
 * The ground truth of the paper's authors: the PNG as colours, its red channel alone, less the minimum over the range,
 * foreground from a half on. Of VOC's palette that keeps the void border and drops ten of the twenty classes where there
 * is one (bicycle, boat, bus, cat, cow, dog, motorbike, pottedplant, sofa, tvmonitor).
 *
 * Their code fails on an image whose red is the same everywhere; here it has no foreground.
 */
export function readRedChannelMask(bytes: Uint8Array, path: string): Mask {
  const { width, height, data, palette } = readIndexedPng(bytes, path);
  const red = data.map((index) => (palette === undefined ? index : (palette[index]?.[0] ?? 0)));
  let [low, high] = [255, 0];
  for (const value of red) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { width, height, data: red.map((value) => (high > low && 2 * (value - low) >= high - low ? 1 : 0)) };
}
