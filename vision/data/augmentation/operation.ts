import type { Raster } from '../raster.ts';

/** How pixels between pixels are made up, where an operation moves them. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic';

/** A change of a whole image. Returns a new image, or the given one where nothing changes. */
export type Operation = (image: Raster, request: OperationRequest) => Raster;

export interface OperationRequest {
  /** In the unit of the operation: a slope, pixels, degrees, a factor less 1, bits, or a level. */
  readonly magnitude: number;
  readonly interpolation: Interpolation;
}
