import { encode } from 'fast-png';
import { ImageFailure } from '../../../vision/data/image-failure.ts';
import { readPaletteMask } from '../../../vision/data/palette-mask.ts';
import type { Target } from '../target.ts';
import { inventPng } from '../formats/png.ts';

/** VOC's classes; a mask with a higher index, 255 aside, is refused. */
const classes = 20;

/** VOC's masks: PNGs with an index a pixel. */
export const mask: Target = {
  name: 'mask',
  seeds: () =>
    Promise.resolve(
      ([8, 4, 2, 1] as const).map((depth) =>
        encode({
          width: 16,
          height: 5,
          depth,
          channels: 1,
          data: Uint8Array.from({ length: (16 * 5 * depth) / 8 }, (_, at) => at * 37),
        }),
      ),
    ),
  invent: inventPng,
  words: ['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'iCCP', 'acTL', 'fdAT'],
  read: async (input) => {
    try {
      const { width, height, data } = readPaletteMask(input, 'mask.png', classes);
      if (data.length !== width * height) throw new Error(`${data.length} values of ${width} x ${height}`);
      if (data.some((value) => value > classes && value < 255)) throw new Error('a value that no mask has');
    } catch (error) {
      if (!(error instanceof ImageFailure)) throw error;
    }
    await Promise.resolve();
  },
};
