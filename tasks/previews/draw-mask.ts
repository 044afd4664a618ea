import sharp from 'sharp';
import type { Mask } from '../../vision/data/raster.ts';

/** Grey levels of a drawn mask. */
export const maskLevels = { outside: 0, void: 128, object: 255 } as const;

/** A mask as an 8-bit grey PNG, with the levels above. Its bytes depend on the pixels alone (for one version of libvips). */
export async function maskPng({ width, height, data }: Mask): Promise<Buffer> {
  const grey = Uint8Array.from(data, levelOf);
  return sharp(grey, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: 9, adaptiveFiltering: false, palette: false })
    .toBuffer();
}

/** An index is an object, whichever; 255 is the border that segmentations leave open. */
function levelOf(index: number): number {
  if (index === 0) return maskLevels.outside;
  return index === 255 ? maskLevels.void : maskLevels.object;
}
