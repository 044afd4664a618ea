import type { Raster } from '../raster.ts';
import type { Operation } from './operation.ts';

/** Keeps so many of each level's upper bits. */
export const posterize: Operation = (image, { magnitude }) => {
  const mask = ~(2 ** (8 - Math.trunc(magnitude)) - 1);
  return byLevel(image, () => (level) => level & mask);
};

/** Inverts the levels from the magnitude up. */
export const solarize: Operation = (image, { magnitude }) =>
  byLevel(image, () => (level) => (level < magnitude ? level : 255 - level));

export const invert: Operation = (image) => byLevel(image, () => (level) => 255 - level);

/** Stretches each channel's levels to 0 … 255. */
export const autoContrast: Operation = (image) =>
  byLevel(image, (counts) => {
    const low = counts.findIndex((count) => count > 0);
    const high = counts.findLastIndex((count) => count > 0);
    if (high <= low) return (level) => level;
    const scale = 255 / (high - low);
    const offset = -low * scale;
    return (level) => Math.max(0, Math.min(255, Math.trunc(level * scale + offset)));
  });

/** Spreads each channel's levels so that all are about equally frequent. */
export const equalize: Operation = (image) =>
  byLevel(image, (counts) => {
    const last = counts.findLast((count) => count > 0) ?? 0;
    const step = Math.floor((image.width * image.height - last) / 255);
    if (step === 0) return (level) => level;
    let below = Math.floor(step / 2);
    const levels = Array.from(counts, (count) => {
      const level = Math.min(255, Math.floor(below / step));
      below += count;
      return level;
    });
    return (level) => levels[level]!;
  });

/** What becomes of each level of a channel, given how many pixels have each of the 256. */
type LevelMap = (counts: Int32Array) => (level: number) => number;

function byLevel({ width, height, data }: Raster, map: LevelMap): Raster {
  const out = new Uint8Array(data.length);
  for (let channel = 0; channel < 3; channel += 1) {
    const counts = new Int32Array(256);
    for (let at = channel; at < data.length; at += 3) counts[data[at]!]! += 1;
    const table = Uint8Array.from({ length: 256 }, (_, level) => level).map(map(counts));
    for (let at = channel; at < data.length; at += 3) out[at] = table[data[at]!]!;
  }
  return { width, height, data: out };
}
