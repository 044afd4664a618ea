import { cellValue, mix, smoothNoise, smoothStep, wave } from './noise.ts';

/** A pattern with features of about one unit: 0 is the ground colour, 1 the figure colour. */
export type Texture = (u: number, v: number, seed: number) => number;

/** Metal sheets: thin seams, a tone for each sheet. */
export const panels: Texture = (u, v, seed) => {
  const sheetU = Math.floor(u * 0.7);
  const sheetV = Math.floor(v * 0.7);
  const x = u * 0.7 - sheetU;
  const y = v * 0.7 - sheetV;
  const seam = Math.min(x, y) < 0.16 ? 1 : 0;
  return Math.max(seam, cellValue(sheetU, sheetV, seed) * 0.45);
};

export const fur: Texture = (u, v, seed) =>
  smoothStep(
    0.25,
    0.75,
    mix(smoothNoise(u * 3, v * 0.8, seed), smoothNoise(u * 1.2, v * 0.5, seed + 1), 0.4),
  );

export const diagonals: Texture = (u, v) => smoothStep(0.4, 0.6, wave((u + v) * 0.75));

/** Overlapping arcs, row by row. */
export const feathers: Texture = (u, v) => {
  const row = Math.floor(v);
  const x = u + (row % 2 === 0 ? 0 : 0.5);
  const dx = x - Math.floor(x) - 0.5;
  const dy = v - row;
  return smoothStep(0.25, 0.95, dx * dx * 2.4 + dy * dy);
};

export const planks: Texture = (u, v, seed) => {
  const row = Math.floor(v);
  const along = u * 0.35 + cellValue(row, 7, seed);
  const joint = along - Math.floor(along) < 0.08 || v - row < 0.2;
  return joint ? 1 : cellValue(row, Math.floor(along), seed) * 0.5;
};

/** Soft upright bands, as light runs through a bottle. */
export const bands: Texture = (u) => smoothStep(0, 1, wave(u * 0.5));

/** A two-tone lacquer: large soft patches. */
export const lacquer: Texture = (u, v, seed) => smoothStep(0.35, 0.65, smoothNoise(u * 0.42, v * 0.42, seed));

export const tabby: Texture = (u, v, seed) =>
  smoothStep(0.35, 0.65, wave(u * 0.8 + smoothNoise(u * 0.6, v * 0.8, seed) * 1.1));

/** Long wavering lines along the wood. */
export const grain: Texture = (u, v, seed) =>
  smoothStep(0.3, 0.8, wave(v * 0.55 + smoothNoise(u * 0.35, v * 0.6, seed) * 2.2));

export const rings: Texture = (u, v) => smoothStep(0.35, 0.65, wave(Math.sqrt(u * u + v * v) * 0.8));

/** Round patches of several sizes, irregularly placed. */
export const spots: Texture = (u, v, seed) => {
  const cellU = Math.floor(u * 0.8);
  const cellV = Math.floor(v * 0.8);
  const dx = u * 0.8 - cellU - mix(0.35, 0.65, cellValue(cellU, cellV, seed));
  const dy = v * 0.8 - cellV - mix(0.35, 0.65, cellValue(cellU, cellV, seed + 1));
  const radius = mix(0.2, 0.42, cellValue(cellU, cellV, seed + 2));
  return dx * dx + dy * dy < radius * radius ? 1 : 0;
};

/** Cracks between irregular cells (Worley 1996: the second nearest point is hardly farther than the nearest). */
export const wrinkles: Texture = (u, v, seed) => {
  const x = u * 0.9;
  const y = v * 0.9;
  const cellX = Math.floor(x);
  const cellY = Math.floor(y);
  let nearest = 9;
  let second = 9;
  for (let i = cellX - 1; i <= cellX + 1; i += 1) {
    for (let j = cellY - 1; j <= cellY + 1; j += 1) {
      const dx = i + cellValue(i, j, seed) - x;
      const dy = j + cellValue(i, j, seed + 1) - y;
      const distance = dx * dx + dy * dy;
      if (distance < nearest) [nearest, second] = [distance, nearest];
      else if (distance < second) second = distance;
    }
  }
  return 1 - smoothStep(0.05, 0.3, Math.sqrt(second) - Math.sqrt(nearest));
};

export const checks: Texture = (u, v) => (Math.floor(u * 0.9) + Math.floor(v * 0.9)) & 1;

/** Fine lines of varying tone, as steel is ground. */
export const brushed: Texture = (u, v, seed) =>
  mix(smoothNoise(u * 0.25, v * 2.6, seed), cellValue(3, Math.floor(v * 2.2), seed), 0.5);

/** A perforated plate. */
export const holes: Texture = (u, v) => {
  const row = Math.floor(v);
  const x = u + (row % 2 === 0 ? 0 : 0.5);
  const dx = x - Math.floor(x) - 0.5;
  const dy = v - row - 0.5;
  return dx * dx + dy * dy < 0.1 ? 1 : 0;
};

/** Sheet iron: upright ribs with a light and a dark side. */
export const corrugated: Texture = (u) => {
  const x = u * 0.8 - Math.floor(u * 0.8);
  return x < 0.3 ? 1 : x < 0.5 ? 0.6 : 0;
};

/** Hatching both ways: a style's, no category's. */
export const crossHatch: Texture = (u, v, seed) => {
  const shade = smoothNoise(u * 0.5, v * 0.5, seed);
  const first = wave((u + v) * 0.9) < 0.35 + shade * 0.2 ? 1 : 0;
  const second = shade > 0.45 && wave((u - v) * 0.9) < 0.3 ? 1 : 0;
  return Math.max(first, second);
};

/** Lines drawn into whirls: a style's. */
export const whirls: Texture = (u, v, seed) => {
  const x = u + smoothNoise(u * 0.5, v * 0.5, seed) * 3;
  const y = v + smoothNoise(u * 0.5, v * 0.5, seed + 1) * 3;
  return smoothStep(0.3, 0.7, wave((x + y) * 0.5));
};

/** Flat irregular tiles: a style's. */
export const mosaic: Texture = (u, v, seed) => {
  const cellX = Math.floor(u);
  const cellY = Math.floor(v);
  let nearest = 9;
  let tone = 0;
  for (let i = cellX - 1; i <= cellX + 1; i += 1) {
    for (let j = cellY - 1; j <= cellY + 1; j += 1) {
      const dx = i + cellValue(i, j, seed) - u;
      const dy = j + cellValue(i, j, seed + 1) - v;
      const distance = dx * dx + dy * dy;
      if (distance < nearest) [nearest, tone] = [distance, cellValue(i, j, seed + 2)];
    }
  }
  return tone;
};

/** Dabs of a broad brush, slanting: a style's. */
export const dabs: Texture = (u, v, seed) => {
  const x = (u + v) * 0.45;
  const y = (u - v) * 1.1;
  const row = Math.floor(y);
  return cellValue(Math.floor(x + cellValue(row, 5, seed)), row, seed);
};
