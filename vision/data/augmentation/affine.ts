import type { Raster } from '../raster.ts';
import { bicubicAt, bilinearAt } from './sample.ts';
import type { Interpolation } from './operation.ts';

/** Where an output pixel (x, y) is found in the source: (a x + b y + c, d x + e y + f), of the pixels' centres. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Pillow's `Image.transform` with an affine map, to the bit. Same size; black where the source has nothing. */
export function affine(image: Raster, map: Affine, interpolation: Interpolation): Raster {
  if (interpolation !== 'nearest') return smooth(image, map, interpolation);
  return map[1] === 0 && map[3] === 0 ? nearestScaled(image, map) : nearestFixed(image, map);
}

function smooth(image: Raster, map: Affine, interpolation: 'bilinear' | 'bicubic'): Raster {
  const { width, height } = image;
  const [a, b, c, d, e, f] = map;
  const sample = interpolation === 'bilinear' ? bilinearAt : bicubicAt;
  const out = new Uint8Array(image.data.length);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 3) {
      const sourceX = a * (x + 0.5) + b * (y + 0.5) + c;
      const sourceY = d * (x + 0.5) + e * (y + 0.5) + f;
      if (sourceX < 0 || sourceX >= width || sourceY < 0 || sourceY >= height) continue;
      sample(image, sourceX - 0.5, sourceY - 0.5, out, at);
    }
  }
  return { width, height, data: out };
}

/** Without shear or rotation: columns and rows are found each for itself, by adding up. */
function nearestScaled(image: Raster, [a, , c, , e, f]: Affine): Raster {
  const { width, height } = image;
  const out = new Uint8Array(image.data.length);
  let sourceY = f + e * 0.5;
  for (let y = 0; y < height; y += 1, sourceY += e) {
    if (sourceY < 0 || sourceY >= height) continue;
    let sourceX = c + a * 0.5;
    for (let x = 0; x < width; x += 1, sourceX += a) {
      if (sourceX >= 0 && sourceX < width)
        copyPixel(image, Math.trunc(sourceX), Math.trunc(sourceY), out, (y * width + x) * 3);
    }
  }
  return { width, height, data: out };
}

/** In 16.16 fixed point, adding up along rows and columns. Sizes and shifts are below 2^15 pixels. */
function nearestFixed(image: Raster, [a, b, c, d, e, f]: Affine): Raster {
  const { width, height } = image;
  const out = new Uint8Array(image.data.length);
  const [stepX, stepY] = [fixed(a), fixed(d)];
  let [rowX, rowY] = [fixed(c + a * 0.5 + b * 0.5), fixed(f + d * 0.5 + e * 0.5)];
  for (let y = 0; y < height; y += 1, rowX += fixed(b), rowY += fixed(e)) {
    let [fixedX, fixedY] = [rowX, rowY];
    for (let x = 0; x < width; x += 1, fixedX += stepX, fixedY += stepY) {
      const [sourceX, sourceY] = [fixedX >> 16, fixedY >> 16];
      if (sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height)
        copyPixel(image, sourceX, sourceY, out, (y * width + x) * 3);
    }
  }
  return { width, height, data: out };
}

function fixed(value: number): number {
  return Math.floor(value * 65536 + 0.5);
}

function copyPixel({ width, data }: Raster, x: number, y: number, out: Uint8Array, to: number): void {
  const from = (y * width + x) * 3;
  out[to] = data[from]!;
  out[to + 1] = data[from + 1]!;
  out[to + 2] = data[from + 2]!;
}
