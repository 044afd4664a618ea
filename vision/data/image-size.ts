import sharp from 'sharp';
import type { Size } from './geometry.ts';
import { ImageFailure } from './image-failure.ts';

/** Width and height of an image as it is stored, from its header alone. */
export async function imageSize(bytes: Uint8Array, path: string): Promise<Size> {
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { width, height };
  } catch (cause) {
    throw new ImageFailure('corrupt', path, { cause });
  }
}
