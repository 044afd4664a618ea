import type { Raster } from '../raster.ts';

/** Writes one pixel, taken at (x, y) between the centres of pixels; beyond the border its pixels repeat. */
export type Sample = (image: Raster, x: number, y: number, out: Uint8Array, to: number) => void;

/** Between 2 x 2 pixels. The fraction of a level is cut off, as Pillow does. */
export const bilinearAt: Sample = ({ width, height, data }, x, y, out, to) => {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  const [x0, x1] = [clip(left, width) * 3, clip(left + 1, width) * 3];
  const [row0, row1] = [clip(top, height) * width * 3, clip(top + 1, height) * width * 3];
  for (let channel = 0; channel < 3; channel += 1) {
    const upper = between(data[row0 + x0 + channel]!, data[row0 + x1 + channel]!, dx);
    const lower = between(data[row1 + x0 + channel]!, data[row1 + x1 + channel]!, dx);
    out[to + channel] = between(upper, lower, dy);
  }
};

/** Between 4 x 4 pixels, with Pillow's cubic (a = -1), cut off to a level. */
export const bicubicAt: Sample = ({ width, height, data }, x, y, out, to) => {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  const columns = [
    clip(left - 1, width),
    clip(left, width),
    clip(left + 1, width),
    clip(left + 2, width),
  ] as const;
  const rows = [
    clip(top - 1, height),
    clip(top, height),
    clip(top + 1, height),
    clip(top + 2, height),
  ] as const;
  for (let channel = 0; channel < 3; channel += 1) {
    const v0 = across(data, rows[0] * width, columns, channel, dx);
    const v1 = across(data, rows[1] * width, columns, channel, dx);
    const v2 = across(data, rows[2] * width, columns, channel, dx);
    const v3 = across(data, rows[3] * width, columns, channel, dx);
    const value = cubic(v0, v1, v2, v3, dy);
    out[to + channel] = value <= 0 ? 0 : value >= 255 ? 255 : value;
  }
};

type Four = readonly [number, number, number, number];

function across(data: Uint8Array, row: number, columns: Four, channel: number, share: number): number {
  return cubic(
    data[(row + columns[0]) * 3 + channel]!,
    data[(row + columns[1]) * 3 + channel]!,
    data[(row + columns[2]) * 3 + channel]!,
    data[(row + columns[3]) * 3 + channel]!,
    share,
  );
}

function clip(at: number, size: number): number {
  return at < 0 ? 0 : at < size ? at : size - 1;
}

function between(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function cubic(a: number, b: number, c: number, d: number, share: number): number {
  const p2 = -a + c;
  const p3 = 2 * (a - b) + c - d;
  const p4 = -a + b - c + d;
  return b + share * (p2 + share * (p3 + share * p4));
}
