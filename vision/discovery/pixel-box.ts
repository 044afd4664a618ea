import type { GridBox } from './component.ts';

/** Pixel coordinates, half-open: [x0, x1) x [y0, y1). */
export interface PixelBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface PixelGeometry {
  /** Pixels that a patch spans. */
  readonly scaleX: number;
  readonly scaleY: number;
  /** Size of the image before padding: the box is clipped to it. */
  readonly imageWidth: number;
  readonly imageHeight: number;
}

/** A box of patches in pixels of the image (Siméoni et al. 2021, section 3.2, last paragraph). */
export function toPixels(box: GridBox, geometry: PixelGeometry): PixelBox {
  const { scaleX, scaleY, imageWidth, imageHeight } = geometry;
  return {
    x0: box.left * scaleX,
    y0: box.top * scaleY,
    x1: Math.min(box.right * scaleX, imageWidth),
    y1: Math.min(box.bottom * scaleY, imageHeight),
  };
}
