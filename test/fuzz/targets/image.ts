import sharp from 'sharp';
import { decodeImage } from '../../../vision/data/decode.ts';
import { ImageFailure } from '../../../vision/data/image-failure.ts';
import { inventPng } from '../formats/png.ts';
import type { Target } from '../target.ts';

/** Images as data sets have them. */
export const image: Target = {
  name: 'image',
  seeds: async () => {
    const data = Uint8Array.from({ length: 24 * 16 * 3 }, (_, at) => at * 7);
    const drawn = sharp(data, { raw: { width: 24, height: 16, channels: 3 } });
    const formats = ['png', 'jpeg', 'webp', 'tiff', 'gif'] as const;
    return Promise.all(formats.map((format) => drawn.clone().toFormat(format).toBuffer()));
  },
  invent: inventPng,
  words: ['<svg xmlns="http://www.w3.org/2000/svg">', 'IHDR', 'IDAT', 'Exif', 'RIFF', 'II*'],
  read: async (input) => {
    try {
      const { width, height, data } = await decodeImage(input, 'image');
      if (data.length !== width * height * 3)
        throw new Error(`${data.length} values of ${width} x ${height}`);
    } catch (error) {
      if (!(error instanceof ImageFailure)) throw error;
    }
  },
};
