import { describe, expect, it } from 'vitest';
import { erasedWindow } from '../../../vision/data/augmentation/erase.ts';
import { prepareInput } from '../../../vision/data/prepare-input.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const side = 20;
const image = { width: side, height: side, data: new Uint8Array(side * side * 3).fill(200) };
const preprocessing = {
  crop: side,
  interpolation: 'bilinear',
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.3, 0.4],
} as const;

function input(seed: number, erase?: number): Float32Array {
  const out = new Float32Array(side * side * 3);
  prepareInput(image, { preprocessing, keys: [seed], augment: erase === undefined ? {} : { erase } }, out, 0);
  return out;
}

/** Pixels of zeros, as [left, top, right, bottom] of what they span, and how many there are. */
function zeros(values: Float32Array): { readonly box: number[]; readonly count: number } {
  const at = Array.from({ length: side * side }, (_, pixel) => pixel).filter((pixel) =>
    [0, 1, 2].every((channel) => values[pixel * 3 + channel] === 0),
  );
  const [xs, ys] = [at.map((pixel) => pixel % side), at.map((pixel) => Math.floor(pixel / side))];
  return {
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1],
    count: at.length,
  };
}

describe('random erasing', () => {
  it('puts zeros into one rectangle, after normalising', () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const { box, count } = zeros(input(seed, 1));
      const [left, top, right, bottom] = box as [number, number, number, number];
      expect(count).toBe((right - left) * (bottom - top));
      // Sides are rounded to whole pixels, so that a share may be a little beyond 0.02 … 0.33.
      expect(count / side ** 2).toBeGreaterThan(0.01);
      expect(count / side ** 2).toBeLessThan(0.38);
      expect((bottom - top) / (right - left)).toBeGreaterThan(0.2);
      expect((bottom - top) / (right - left)).toBeLessThan(5);
    }
  });

  it('happens with its probability, and elsewhere changes nothing', () => {
    const plain = input(0);
    const erased = Array.from({ length: 200 }, (_, seed) => input(seed, 0.25)).filter((values) => {
      const { count } = zeros(values);
      if (count === 0) expect(values).toEqual(plain);
      return count > 0;
    });
    expect(erased.length).toBeGreaterThan(25);
    expect(erased.length).toBeLessThan(80);
  });

  it('reaches every corner, and leaves images alone that are too small for it', () => {
    const windows = Array.from({ length: 2000 }, (_, seed) =>
      erasedWindow({ width: 12, height: 9 }, randomFrom(seed))!,
    );
    expect(Math.min(...windows.map(({ left }) => left))).toBe(0);
    expect(Math.max(...windows.map(({ left, width }) => left + width))).toBe(12);
    expect(Math.min(...windows.map(({ top }) => top))).toBe(0);
    expect(Math.max(...windows.map(({ top, height }) => top + height))).toBe(9);
    expect(windows.every(({ width, height }) => width < 12 && height < 9)).toBe(true);
    const tiny = Array.from({ length: 50 }, (_, seed) =>
      erasedWindow({ width: 1, height: 1 }, randomFrom(seed)),
    );
    expect(tiny.filter((window) => window !== undefined && window.width * window.height > 0)).toEqual([]);
  });
});
