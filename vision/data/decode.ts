import sharp from 'sharp';
import type { Raster } from './raster.ts';
import { ImageFailure } from './image-failure.ts';

/** How files of the formats that are read begin; WebP has its length between its two words. */
const begins: readonly (readonly (number | undefined)[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x52, 0x49, 0x46, 0x46, undefined, undefined, undefined, undefined, 0x57, 0x45, 0x42, 0x50],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x47, 0x49, 0x46, 0x38],
];

/**
 * Decodes a JPEG, PNG, WebP, TIFF or GIF into 8-bit RGB, on libuv's threads.
 *
 * The pixels are those that torchvision's `ImageFolder` hands to a transform: as stored. Grey is repeated over the
 * channels, 16 bits keep their upper 8, transparency is dropped, colour profiles and EXIF orientation are ignored
 * (VOC's boxes and masks are drawn on the stored pixels too). CMYK is converted by libvips' own profile.
 *
 * @param path names the file in the `ImageFailure` that a damaged or truncated one gives.
 */
export async function decodeImage(bytes: Uint8Array, path: string): Promise<Raster> {
  // The library would read more: SVG names files and repeats itself without end, and none of a data set's images is one.
  if (!begins.some((begin) => begin.every((byte, at) => byte === undefined || bytes[at] === byte)))
    throw new ImageFailure('corrupt', path, { cause: new Error('no JPEG, PNG, WebP, TIFF or GIF') });
  // Many small images decode at once; threads within one image would only fight over the cores.
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    const { data, info } = await sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: 2 ** 28 })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return rgb(data, info.width, info.height, info.channels);
  } catch (cause) {
    throw new ImageFailure('corrupt', path, { cause });
  }
}

function rgb(data: Uint8Array, width: number, height: number, channels: number): Raster {
  if (channels === 3) {
    return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
  }
  if (channels !== 1) throw new Error(`${channels} channels after conversion to RGB`);
  const out = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) out.fill(data[pixel]!, pixel * 3, pixel * 3 + 3);
  return { width, height, data: out };
}
