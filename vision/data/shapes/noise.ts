/** Pseudo-random functions of a place: the same everywhere, with no state. Whole-number arithmetic only. */

/** 0 … 1, for a cell of the plane. */
export function cellValue(x: number, y: number, seed: number): number {
  return (cellBits(x, y, seed) >>> 0) / 0x100000000;
}

/** Nearly normal, of mean 0 and standard deviation 1: the sum of four even draws. */
export function cellGrain(x: number, y: number, seed: number): number {
  const bits = cellBits(x, y, seed);
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24);
  return (sum - 510) / 147.8;
}

function cellBits(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Smooth noise, 0 … 1, with features of about one unit (Perlin's value noise: cell values, blended). */
export function smoothNoise(x: number, y: number, seed: number): number {
  const cellX = Math.floor(x);
  const cellY = Math.floor(y);
  const u = ease(x - cellX);
  const v = ease(y - cellY);
  const top = mix(cellValue(cellX, cellY, seed), cellValue(cellX + 1, cellY, seed), u);
  const bottom = mix(cellValue(cellX, cellY + 1, seed), cellValue(cellX + 1, cellY + 1, seed), u);
  return mix(top, bottom, v);
}

/** From 0 at `low` to 1 at `high`, smoothly. */
export function smoothStep(low: number, high: number, x: number): number {
  return ease(Math.min(1, Math.max(0, (x - low) / (high - low))));
}

/** Goes 0, 1, 0 within each unit. */
export function wave(x: number): number {
  return 1 - Math.abs(2 * (x - Math.floor(x)) - 1);
}

export function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
