import { describe, expect, it } from 'vitest';
import { augmentImage, randomResizedCrop } from '../../../vision/data/augment.ts';
import { filterTaps } from '../../../vision/data/filter-taps.ts';
import { flipHorizontally } from '../../../vision/data/geometry.ts';
import type { Raster } from '../../../vision/data/raster.ts';
import { resize, type ResizeRequest } from '../../../vision/data/resize.ts';
import { type Random, randomFrom } from '../../../vision/random/random.ts';

function noise(width: number, height: number, random: Random): Raster {
  // Black and white more often than by chance: that is where a cubic goes beyond.
  const data = Uint8Array.from({ length: width * height * 3 }, () =>
    Math.max(0, Math.min(255, random.integer(512) - 128)),
  );
  return { width, height, data };
}

/** The definition, value by value. */
function slowly(image: Raster, { width, height, interpolation }: ResizeRequest): Raster {
  const columns = filterTaps({ inSize: image.width, size: width, interpolation });
  const rows = filterTaps({ inSize: image.height, size: height, interpolation });
  const across = (from: Raster): Raster => {
    const data = new Uint8Array(width * from.height * 3);
    for (let at = 0; at < data.length; at += 1) {
      const [channel, x, y] = [at % 3, Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      data[at] = weighted(columns, x, (tap) => from.data[(y * from.width + tap) * 3 + channel]!);
    }
    return { width, height: from.height, data };
  };
  const down = (from: Raster): Raster => {
    const row = from.width * 3;
    const data = new Uint8Array(row * height);
    for (let at = 0; at < data.length; at += 1)
      data[at] = weighted(rows, Math.floor(at / row), (tap) => from.data[tap * row + (at % row)]!);
    return { width: from.width, height, data };
  };
  return width > image.width && height < image.height ? across(down(image)) : down(across(image));
}

function weighted(taps: ReturnType<typeof filterTaps>, out: number, value: (tap: number) => number): number {
  let sum = 2 ** 21;
  for (let tap = 0; tap < taps.counts[out]!; tap += 1)
    sum += value(taps.starts[out]! + tap) * taps.weights[out * taps.stride + tap]!;
  return Math.max(0, Math.min(255, Math.floor(sum / 2 ** 22)));
}

describe('resize', () => {
  it('is the definition, for any sizes', () => {
    const random = randomFrom(5);
    for (let round = 0; round < 120; round += 1) {
      const size = () => 1 + random.integer(random.chance(0.3) ? 4 : 40);
      const image = noise(size(), size(), random);
      const request = {
        width: random.chance(0.1) ? image.width : size(),
        height: random.chance(0.1) ? image.height : size(),
        interpolation: random.chance(0.5) ? 'bilinear' : 'bicubic',
      } as const;
      const [ours, wanted] = [resize(image, request), slowly(image, request)];
      expect([ours.width, ours.height]).toEqual([wanted.width, wanted.height]);
      expect(Buffer.compare(ours.data, wanted.data), JSON.stringify({ round, request })).toBe(0);
    }
  });

  it('mirrors on the way', () => {
    const random = randomFrom(6);
    for (const [width, height] of [
      [9, 7],
      [20, 7],
      [20, 30],
      [5, 30],
    ] as const) {
      const image = noise(20, 14, random);
      const request = { width, height, interpolation: 'bicubic' } as const;
      expect(resize(image, { ...request, mirror: true })).toEqual(flipHorizontally(resize(image, request)));
    }
  });

  it('leaves an image as it is whose size is right', () => {
    const image = noise(8, 5, randomFrom(7));
    expect(resize(image, { width: 8, height: 5, interpolation: 'bilinear' })).toBe(image);
  });
});

it('a random window does not see what lies beside it', () => {
  const preprocessing = { crop: 16, interpolation: 'bicubic', mean: [0, 0, 0], std: [1, 1, 1] } as const;
  // White with a black frame; a window within the white is white all over, whatever its filters' reach.
  const side = 60;
  const data = Uint8Array.from({ length: side * side * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    return Math.min(x, y, side - 1 - x, side - 1 - y) < 20 ? 0 : 255;
  });
  const middle: Random = { ...randomFrom(0), uniform: () => 0.5, integer: () => 20, chance: () => true };
  const scale = (20 / side) ** 2;
  const crop = { ...randomResizedCrop, scale: [scale, scale] } as const;
  const image = augmentImage(
    { width: side, height: side, data },
    { preprocessing, augment: { crop, flip: true }, random: middle },
  );
  expect(new Set(image.data)).toEqual(new Set([255]));
});
