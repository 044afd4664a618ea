import type { Random } from '../../random/random.ts';
import type { Raster } from '../raster.ts';
import type { Plane } from '../plane.ts';

/**
 * One of the twelve parametric distortions of Geirhos et al. (2018, 2021). They were defined on images of 224 pixels
 * (eidolons: 256). Where a parameter is a length, it is scaled with the image's side unless its file says otherwise, so
 * that small images lose as much of the object as large ones do.
 */
export type Distortion = (image: Raster, request: DistortionRequest) => Raster;

interface DistortionRequest {
  /** As `vision/ood/sets.ts` names it. */
  readonly condition: string;
  readonly random: Random;
  /** Mean amplitude spectrum of the undistorted images, for power equalisation. */
  readonly meanAmplitude: () => Plane;
}

/** The mean grey of the stimuli, which the published filters assume beyond the border. */
export const meanGrey = 0.4423;

/** The number a condition is; an unknown word is a bug. */
export function level(condition: string): number {
  const number = Number(condition);
  if (!Number.isFinite(number)) throw new Error(`not a level: ${condition}`);
  return number;
}

/** A condition that a distortion does not have is a bug. */
export function unknownCondition(distortion: string, condition: string): Error {
  return new Error(`${distortion} has no condition ${condition}`);
}
