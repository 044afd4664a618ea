import { gaussianBlur } from '../gaussian-blur.ts';
import { fromGrey, toGrey } from '../plane.ts';
import { type Distortion, level, meanGrey } from './distortion.ts';

/** Grey and blurred: a normal filter whose standard deviation is the condition, in pixels of a 224-pixel image. */
export const lowPass: Distortion = (image, { condition }) => {
  const sigma = (level(condition) * image.width) / 224;
  return fromGrey(gaussianBlur(toGrey(image), sigma, { kind: 'constant', value: meanGrey }));
};
