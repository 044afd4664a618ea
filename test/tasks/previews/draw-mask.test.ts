import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { maskPng } from '../../../tasks/previews/draw-mask.ts';

describe('maskPng', () => {
  it('draws every index as the object, the void border grey, in one channel of the same size', async () => {
    const png = await maskPng({ width: 3, height: 2, data: Uint8Array.from([0, 1, 255, 20, 254, 0]) });
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 3, height: 2 });
    expect((await sharp(png).metadata()).channels).toBe(1);
    const grey = Array.from({ length: 6 }, (_, pixel) => data[pixel * info.channels]);
    expect(grey).toEqual([0, 255, 128, 255, 255, 0]);
  });
});
