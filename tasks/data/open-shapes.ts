import type { InputData } from '../../engine/contract/task-context.ts';
import { concatenate } from '../../vision/data/concatenate.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { openShapesOod } from '../../vision/data/shapes/ood/ood-set.ts';
import { openShapes } from '../../vision/data/shapes/shapes-set.ts';
import { shapesOptions } from './shapes.ts';

export function openShapesData(input: InputData): ImageSet {
  const { split, size, count, seed, sets } = shapesOptions(input.options);
  switch (split) {
    case 'train':
    case 'validation':
    case 'masks':
      return openShapes({ split, size, count, seed });
    case 'ood': {
      const parts = input.part === undefined ? sets : [input.part];
      return concatenate(
        'shapes ood',
        parts.map((set) => openShapesOod({ set, size, count, seed })),
      );
    }
    default:
      throw new Error(`no such split of shapes: ${split}`);
  }
}
