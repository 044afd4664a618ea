import sharp from 'sharp';
import type { Raster } from './image-set.ts';
import { ImageFailure } from './image-failure.ts';

/**
 * Decodes a JPEG, PNG, WebP or TIFF into 8-bit RGB, on libuv's threads.
 *
 * The pixels are those that torchvision's `ImageFolder` hands to a transform: as stored. Grey is repeated over the
 * channels, 16 bits keep their upper 8, transparency is dropped, colour profiles and EXIF orientation are ignored
 * (VOC's boxes and masks are drawn on the stored pixels too). CMYK is converted by libvips' own profile.
 *
 * @param path names the file in the `ImageFailure` that a damaged or truncated one gives.
 */
export async function decodeImage(bytes: Uint8Array, path: string): Promise<Raster> {
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
