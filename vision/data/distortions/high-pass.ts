import { gaussianBlur } from '../gaussian-blur.ts';
import { fromGrey, mapPlane, meanOf, toGrey } from '../plane.ts';
import { type Distortion, level, meanGrey } from './distortion.ts';

/**
 * Grey less its blurred self, brought back to the mean grey. The standard deviation (`inf`: no filter) is in the
 * image's own pixels at every size: what is left is the finest detail there is, and scaled to a small image the filter
 * would be narrower than a pixel and leave nothing.
 */
export const highPass: Distortion = (image, { condition }) => {
  const grey = toGrey(image);
  if (condition === 'inf') return fromGrey(grey);
  const blurred = gaussianBlur(grey, level(condition), { kind: 'constant', value: meanGrey });
  const detail = mapPlane(grey, (value, at) => value - blurred.data[at]!);
  const lift = meanGrey - meanOf(detail);
  return fromGrey(mapPlane(detail, (value) => value + lift));
};
