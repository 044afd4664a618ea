import { randomFrom } from '../../random/random.ts';
import type { ImageRecord, ImageSet } from '../image-set.ts';
import { categories, type Category } from '../../ood/categories.ts';
import { boxesOf, maskOf, paint, type Painting } from './paint.ts';
import { makeScene, type Scene } from './scene.ts';

export type ShapesSplit = 'train' | 'validation' | 'masks';

/** Numbers of the streams that the splits draw from, so that none shares an image with another. */
const streams = { train: 1, validation: 2, masks: 3 } as const;

/**
 * Images drawn from a seed: objects of 16 categories, textured, on textured backgrounds, with masks and boxes. The same
 * request gives the same bytes on every machine.
 */
export function openShapes(request: {
  readonly split: ShapesSplit;
  /** Side of the (square) images in pixels. */
  readonly size: number;
  readonly count: number;
  readonly seed: number;
}): ImageSet {
  const { split, size, count, seed } = request;
  const draw = (index: number): Drawing => {
    const random = randomFrom(seed, streams[split], index);
    const scene = makeScene(random, { category: categoryAt(index), second: split === 'masks' ? 0.3 : 0.15 });
    return { scene, painting: paint(scene, size) };
  };
  const records = Array.from({ length: count }, (_, index): ImageRecord => {
    return boxesLater({ id: drawingId(split, index), label: index % categories.length }, () => {
      const { scene, painting } = draw(index);
      return boxesOf(painting, scene);
    });
  });
  return {
    name: `shapes ${split}`,
    classes: categories,
    records,
    image: (index) => Promise.resolve(draw(index).painting.image),
    mask: (index) => Promise.resolve(maskOf(draw(index).painting)),
    maskIndices: { of: 'objects' },
  };
}

interface Drawing {
  readonly scene: Scene;
  readonly painting: Painting;
}

/** Categories take turns, so that any beginning of a set is balanced. */
export function categoryAt(index: number): Category {
  return categories[index % categories.length]!;
}

/** E.g. `train/000012-keyboard`. */
export function drawingId(part: string, index: number): string {
  return `${part}/${String(index).padStart(6, '0')}-${categoryAt(index)}`;
}

/** A record whose boxes are found when first asked for: most uses never ask, and finding them takes a drawing. */
function boxesLater(record: ImageRecord, find: () => NonNullable<ImageRecord['boxes']>): ImageRecord {
  let boxes: ImageRecord['boxes'];
  return {
    ...record,
    get boxes() {
      boxes ??= find();
      return boxes;
    },
  };
}
