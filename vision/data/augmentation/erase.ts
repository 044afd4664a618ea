import type { Random } from '../../random/random.ts';
import type { Size, Window } from '../geometry.ts';

const scale = [0.02, 0.33] as const;
const ratio = [0.3, 3.3] as const;

/**
 * Random erasing (Zhong et al. 2020) with torchvision's ranges: a rectangle of a random share of the area and a random
 * aspect ratio (height over width), or undefined where ten tries gave none that is smaller than the image.
 */
export function erasedWindow({ width, height }: Size, random: Random): Window | undefined {
  const [low, high] = [Math.log(ratio[0]), Math.log(ratio[1])];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const area = width * height * (scale[0] + random.uniform() * (scale[1] - scale[0]));
    const aspect = Math.exp(low + random.uniform() * (high - low));
    const [erasedHeight, erasedWidth] = [
      Math.round(Math.sqrt(area * aspect)),
      Math.round(Math.sqrt(area / aspect)),
    ];
    if (erasedHeight >= height || erasedWidth >= width) continue;
    const top = random.integer(height - erasedHeight + 1);
    const left = random.integer(width - erasedWidth + 1);
    return { left, top, width: erasedWidth, height: erasedHeight };
  }
  return undefined;
}
