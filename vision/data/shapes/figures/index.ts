import type { Category } from '../../../ood/categories.ts';
import type { DrawFigure } from '../figure.ts';
import { bear, bird, cat, dog, elephant } from './animals.ts';
import { bottle, chair, clock, keyboard, knife, oven } from './things.ts';
import { airplane, bicycle, boat, car, truck } from './vehicles.ts';

/** How each of the 16 categories of Geirhos et al. (2018) is drawn. */
export const figures: { readonly [category in Category]: DrawFigure } = {
  airplane,
  bear,
  bicycle,
  bird,
  boat,
  bottle,
  car,
  cat,
  chair,
  clock,
  dog,
  elephant,
  keyboard,
  knife,
  oven,
  truck,
};
