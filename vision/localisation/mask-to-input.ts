/** One byte a pixel, row by row. */
export interface MaskRaster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The geometry that an image went through on its way into the network. */
export interface InputGeometry {
  /** Shorter side after resizing; absent where images keep their size. */
  readonly resize?: number;
  /** Side of the centre crop. */
  readonly crop: number;
}

/**
 * Takes a mask the way its image went: shorter side to `resize`, then the centre crop. Labels are not mixed: each pixel
 * takes the nearest source pixel (half-pixel centres). Pixels that the crop adds where an image is smaller are 0.
 */
export function maskToInput(mask: MaskRaster, geometry: InputGeometry): MaskRaster {
  const { width, height } = resizedSize(mask, geometry.resize);
  const { crop } = geometry;
  const left = roundHalfToEven((width - crop) / 2);
  const top = roundHalfToEven((height - crop) / 2);
  const data = new Uint8Array(crop * crop);
  for (let y = 0; y < crop; y++) {
    const row = y + top;
    if (row < 0 || row >= height) continue;
    const sourceRow = nearest(row, height, mask.height);
    for (let x = 0; x < crop; x++) {
      const column = x + left;
      if (column < 0 || column >= width) continue;
      data[y * crop + x] = mask.data[sourceRow * mask.width + nearest(column, width, mask.width)]!;
    }
  }
  return { width: crop, height: crop, data };
}

/** torchvision's rule: the shorter side becomes `shorter`, the longer is truncated to a whole number. */
function resizedSize(
  size: { readonly width: number; readonly height: number },
  shorter: number | undefined,
): { readonly width: number; readonly height: number } {
  if (shorter === undefined) return { width: size.width, height: size.height };
  return size.width <= size.height
    ? { width: shorter, height: Math.trunc((shorter * size.height) / size.width) }
    : { width: Math.trunc((shorter * size.width) / size.height), height: shorter };
}

function nearest(index: number, size: number, sourceSize: number): number {
  return Math.min(sourceSize - 1, Math.floor(((index + 0.5) * sourceSize) / size));
}

/** As torchvision's centre crop rounds its offset. */
function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
