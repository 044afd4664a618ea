import { fromGrey, mapPlane, toGrey } from '../plane.ts';
import { lowerContrast } from './contrast.ts';
import { type Distortion, level } from './distortion.ts';

/** Grey at 30 % contrast, with noise added that is even between minus and plus the condition. */
export const uniformNoise: Distortion = (image, { condition, random }) => {
  const width = level(condition);
  return fromGrey(
    mapPlane(lowerContrast(toGrey(image), 0.3), (value) => value + width * (2 * random.uniform() - 1)),
  );
};
