import { fromGrey, mapPlane, type Plane, toGrey } from '../plane.ts';
import { type Distortion, level } from './distortion.ts';

/** Grey, with contrast lowered to so many per cent: `c100` … `c01`. */
export const contrast: Distortion = (image, { condition }) =>
  fromGrey(lowerContrast(toGrey(image), level(condition.replace(/^c/, '')) / 100));

/** Draws all values towards middle grey; 1 leaves them. */
export function lowerContrast(grey: Plane, share: number): Plane {
  return mapPlane(grey, (value) => (1 - share) / 2 + value * share);
}
