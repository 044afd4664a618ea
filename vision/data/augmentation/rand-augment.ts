import type { Raster } from '../raster.ts';
import type { Size } from '../geometry.ts';
import { autoAugmentSpace, type MagnitudeSpace, none } from './magnitudes.ts';
import { apply, namesOf, type PolicyRequest } from './policy.ts';

/** Of RandAugment and TrivialAugment: a magnitude is one of 0 … 30. */
export const magnitudeBins = 31;

/** RandAugment (Cubuk et al. 2020): so many operations of 14, drawn with replacement, all at one magnitude. */
export function randAugment(
  image: Raster,
  {
    operations,
    magnitude,
    ...request
  }: PolicyRequest & { readonly operations: number; readonly magnitude: number },
): Raster {
  const space = randAugmentSpace(image);
  const names = namesOf(space);
  let result = image;
  for (let done = 0; done < operations; done += 1) {
    const name = names[request.random.integer(names.length)]!;
    result = apply(result, name, { ...request, space, bin: magnitude });
  }
  return result;
}

export function randAugmentSpace(size: Size): MagnitudeSpace {
  return { Identity: none, ...autoAugmentSpace(size, magnitudeBins) };
}
