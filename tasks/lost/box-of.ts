import type { Size } from '../../vision/data/geometry.ts';
import { localiseObject } from '../../vision/discovery/lost.ts';
import type { ImageFeatures } from '../../vision/discovery/lost-features.ts';
import { toPixels } from '../../vision/discovery/pixel-box.ts';
import type { FoundBox } from '../boxes/boxes-file.ts';

export interface SeenSizes {
  readonly original: Size;
  /** After resizing, before padding. */
  readonly seen: Size;
}

/** The object of an image, in pixels of the original. */
export function boxOf(
  { original, seen }: SeenSizes,
  { scaleX, scaleY, ...found }: ImageFeatures,
  k: number,
): Omit<FoundBox, 'id'> {
  const image = { imageWidth: original.width, imageHeight: original.height };
  const result = localiseObject({ ...found, k });
  if (result.kind !== 'found') return { box: null, reason: result.kind, ...image };
  const geometry = {
    scaleX: (scaleX * original.width) / seen.width,
    scaleY: (scaleY * original.height) / seen.height,
    ...image,
  };
  return { box: toPixels(result.box, geometry), ...image };
}
