import { fromGrey, toGrey } from '../plane.ts';
import { type Distortion, unknownCondition } from './distortion.ts';

/** Colour (`cr`) against grey (`bw`). */
export const colour: Distortion = (image, { condition }) => {
  switch (condition) {
    case 'cr':
      return image;
    case 'bw':
      return fromGrey(toGrey(image));
    default:
      throw unknownCondition('colour', condition);
  }
};
