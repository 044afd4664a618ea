import sharp from 'sharp';
import { fromCmyk, isCmykJpeg } from './cmyk.ts';
import { type Decoding, usualDecoding } from './decoding.ts';
import { ImageFailure } from './image-failure.ts';
import type { Raster } from './raster.ts';

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
 * channels, transparency is dropped, colour profiles and (unless asked for) EXIF orientation are ignored: VOC's boxes and
 * masks are drawn on the stored pixels too. Of 16 bits the upper 8 are kept.
 *
 * @param path names the file in the `ImageFailure` that a damaged or truncated one gives.
 */
export async function decodeImage(
  bytes: Uint8Array,
  path: string,
  decoding: Decoding = usualDecoding,
): Promise<Raster> {
  // The library would read more: SVG names files and repeats itself without end, and none of a data set's images is one.
  if (!begins.some((begin) => begin.every((byte, at) => byte === undefined || bytes[at] === byte)))
    throw new ImageFailure('corrupt', path, { cause: new Error('no JPEG, PNG, WebP, TIFF or GIF') });
  // Many small images decode at once; threads within one image would only fight over the cores.
  sharp.concurrency(1);
  sharp.cache(false);
  try {
    return await decode(bytes, decoding);
  } catch (cause) {
    throw new ImageFailure('corrupt', path, { cause });
  }
}

async function decode(bytes: Uint8Array, { exif, cmyk, damaged }: Decoding): Promise<Raster> {
  const stored = sharp(bytes, {
    failOn: damaged === 'fail' ? 'error' : 'none',
    ignoreIcc: true,
    limitInputPixels: 2 ** 28,
  });
  const image = exif === 'apply' ? stored.autoOrient() : stored;
  const keepsCmyk = cmyk === 'simple' && isCmykJpeg(bytes);
  const { data, info } = await (
    keepsCmyk
      ? image.pipelineColourspace('cmyk').toColourspace('cmyk')
      : image.toColourspace('srgb').removeAlpha()
  )
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (keepsCmyk) return { width, height, data: fromCmyk(data) };
  return rgb(data, width, height, channels);
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
