import type { Raster } from '../raster.ts';
import { autoAugmentSpace, none } from './magnitudes.ts';
import type { OperationName } from './operations.ts';
import { apply, type PolicyRequest } from './policy.ts';

/** AutoAugment (Cubuk et al. 2019): one of 25 pairs of operations, each done with its probability. */
export function autoAugment(image: Raster, request: PolicyRequest): Raster {
  const { random } = request;
  const space = { ...autoAugmentSpace(image, 10), Invert: none };
  let result = image;
  for (const [name, probability, bin = 0] of imageNetPairs[random.integer(imageNetPairs.length)]!) {
    if (random.chance(probability)) result = apply(result, name, { ...request, space, bin });
  }
  return result;
}

/** An operation, its probability, and which of its ten magnitudes. */
type Step = readonly [name: OperationName, probability: number, bin?: number];

/** The policy learned on ImageNet (table 9); five pairs occur twice. */
export const imageNetPairs: readonly (readonly [Step, Step])[] = [
  [
    ['Posterize', 0.4, 8],
    ['Rotate', 0.6, 9],
  ],
  [
    ['Solarize', 0.6, 5],
    ['AutoContrast', 0.6],
  ],
  [
    ['Equalize', 0.8],
    ['Equalize', 0.6],
  ],
  [
    ['Posterize', 0.6, 7],
    ['Posterize', 0.6, 6],
  ],
  [
    ['Equalize', 0.4],
    ['Solarize', 0.2, 4],
  ],
  [
    ['Equalize', 0.4],
    ['Rotate', 0.8, 8],
  ],
  [
    ['Solarize', 0.6, 3],
    ['Equalize', 0.6],
  ],
  [
    ['Posterize', 0.8, 5],
    ['Equalize', 1],
  ],
  [
    ['Rotate', 0.2, 3],
    ['Solarize', 0.6, 8],
  ],
  [
    ['Equalize', 0.6],
    ['Posterize', 0.4, 6],
  ],
  [
    ['Rotate', 0.8, 8],
    ['Color', 0.4, 0],
  ],
  [
    ['Rotate', 0.4, 9],
    ['Equalize', 0.6],
  ],
  [
    ['Equalize', 0],
    ['Equalize', 0.8],
  ],
  [
    ['Invert', 0.6],
    ['Equalize', 1],
  ],
  [
    ['Color', 0.6, 4],
    ['Contrast', 1, 8],
  ],
  [
    ['Rotate', 0.8, 8],
    ['Color', 1, 2],
  ],
  [
    ['Color', 0.8, 8],
    ['Solarize', 0.8, 7],
  ],
  [
    ['Sharpness', 0.4, 7],
    ['Invert', 0.6],
  ],
  [
    ['ShearX', 0.6, 5],
    ['Equalize', 1],
  ],
  [
    ['Color', 0.4, 0],
    ['Equalize', 0.6],
  ],
  [
    ['Equalize', 0.4],
    ['Solarize', 0.2, 4],
  ],
  [
    ['Solarize', 0.6, 5],
    ['AutoContrast', 0.6],
  ],
  [
    ['Invert', 0.6],
    ['Equalize', 1],
  ],
  [
    ['Color', 0.6, 4],
    ['Contrast', 1, 8],
  ],
  [
    ['Equalize', 0.8],
    ['Equalize', 0.6],
  ],
];
