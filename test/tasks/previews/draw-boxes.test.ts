import { describe, expect, it } from 'vitest';
import { drawBoxes, previewSize } from '../../../tasks/previews/draw-boxes.ts';
import type { Raster } from '../../../vision/data/image-set.ts';

function grey(width: number, height: number): Raster {
  return { width, height, data: new Uint8Array(width * height * 3).fill(100) };
}

function pixel({ width, data }: Raster, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

const orange = [255, 150, 20];
const white = [255, 255, 255];

describe('drawBoxes', () => {
  it('draws the found box in orange over the white dashes of the annotated ones', () => {
    const box = { x0: 20, y0: 30, x1: 120, y1: 90 };
    const drawn = drawBoxes(grey(200, 160), { found: box, truth: [{ ...box, x0: 60, x1: 180 }] });
    // Two pixels of line, inside the box, and a shadow on either side.
    expect([19, 20, 21, 22, 23].map((x) => pixel(drawn, x, 60)[0])).toEqual([45, 255, 255, 45, 100]);
    expect(pixel(drawn, 119, 89)).toEqual(orange);
    expect(pixel(drawn, 120, 90)).not.toEqual(orange);
    expect(pixel(drawn, 70, 30)).toEqual(orange);
    const edge = Array.from({ length: 24 }, (_, y) => pixel(drawn, 179, 34 + y).join());
    expect(edge).toContain(white.join());
    expect(edge).toContain('100,100,100');
  });

  it('draws annotated boxes alone where nothing was found, and stays within the image', () => {
    const image = grey(160, 160);
    const drawn = drawBoxes(image, { found: undefined, truth: [{ x0: 0, y0: 0, x1: 160, y1: 160 }] });
    expect(pixel(drawn, 0, 0)).toEqual(white);
    expect(pixel(drawn, 159, 159)[0]).toBeDefined();
    expect(new Set(image.data)).toEqual(new Set([100]));
  });

  it('shows small images in larger pixels and large ones smaller, boxes with them', () => {
    expect(previewSize(grey(32, 16))).toMatchObject({ width: 160, height: 80 });
    expect(previewSize(grey(500, 375))).toMatchObject({ width: 320, height: 240 });
    expect(previewSize(grey(200, 100))).toMatchObject({ width: 200, height: 100 });
    const pixels = {
      width: 32,
      height: 16,
      data: Uint8Array.from({ length: 32 * 16 * 3 }, (_, i) => i % 251),
    };
    expect(pixel(previewSize(pixels), 9, 4)).toEqual(pixel(pixels, 1, 0));
    const drawn = drawBoxes(grey(32, 16), { found: { x0: 4, y0: 4, x1: 8, y1: 8 }, truth: [] });
    expect([19, 20].map((x) => pixel(drawn, x, 30)[0])).toEqual([45, 255]);
  });
});
