import type { PixelBox } from './pixel-box.ts';

export type ClippedBox<Box extends PixelBox> =
  | { readonly kind: 'inside' | 'clipped'; readonly box: Box }
  /** Nothing of it lies in the image. */
  | { readonly kind: 'outside' };

/**
 * A box as far as it lies in the image. Annotations reach over the edge now and then (a VOC box that begins at pixel 0
 * begins at -1 counted from 0); a found box never does, and would be compared with what cannot be seen.
 */
export function clipBox<Box extends PixelBox>(
  box: Box,
  { imageWidth, imageHeight }: { readonly imageWidth: number; readonly imageHeight: number },
): ClippedBox<Box> {
  const [x0, y0] = [Math.max(0, box.x0), Math.max(0, box.y0)];
  const [x1, y1] = [Math.min(imageWidth, box.x1), Math.min(imageHeight, box.y1)];
  if (x0 === box.x0 && y0 === box.y0 && x1 === box.x1 && y1 === box.y1) return { kind: 'inside', box };
  return x0 < x1 && y0 < y1 ? { kind: 'clipped', box: { ...box, x0, y0, x1, y1 } } : { kind: 'outside' };
}
