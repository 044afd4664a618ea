import { fromGrey, type Plane, toGrey } from '../plane.ts';
import { type Distortion, unknownCondition } from './distortion.ts';

/** Grey, turned counter-clockwise by 0, 90, 180 or 270 degrees. The image is square. */
export const rotation: Distortion = (image, { condition }) => {
  if (image.width !== image.height) throw new Error('only square images can be turned');
  const quarters = ['0', '90', '180', '270'].indexOf(condition);
  if (quarters < 0) throw unknownCondition('rotation', condition);
  let grey = toGrey(image);
  for (let quarter = 0; quarter < quarters; quarter += 1) grey = quarterTurn(grey);
  return fromGrey(grey);
};

function quarterTurn({ width, height, data }: Plane): Plane {
  const turned = data.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return data[x * width + (width - 1 - y)]!;
  });
  return { width, height, data: turned };
}
