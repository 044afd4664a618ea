/** Pseudo-random functions of a place: the same everywhere, with no state. Whole-number arithmetic only. */

/** 0 … 1, for a cell of the plane. */
export function cellValue(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
}

/** Smooth noise, 0 … 1, with features of about one unit (Perlin's value noise: cell values, blended). */
export function smoothNoise(x: number, y: number, seed: number): number {
  const [cellX, cellY] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [ease(x - cellX), ease(y - cellY)];
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
