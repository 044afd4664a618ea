import { describe, expect, it } from 'vitest';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { categories, isCategory } from '../../../vision/ood/categories.ts';
import { imagenetMap, resolveClassMap } from '../../../vision/ood/class-map.ts';
import type { ClassMapRequest, ClassMapResult } from '../../../vision/ood/class-map.ts';
import { rankCategories, softmax } from '../../../vision/ood/decide-category.ts';

interface CategoryCase {
  readonly categories: readonly string[];
  readonly imagenet_indices: { readonly [category: string]: readonly number[] };
  readonly total: number;
}
interface MappingCase {
  readonly order: readonly (readonly string[])[];
  readonly top1: readonly string[];
}

const reference = referenceJson('ood/categories.json') as CategoryCase;
const mapping = referenceJson('ood/mapping.json') as MappingCase;
const tensors = referenceTensors('ood/mapping.safetensors');

describe('the 16 categories', () => {
  it('are those of the reference, with their 207 classes', () => {
    expect(categories).toEqual(reference.categories);
    const indices = Object.fromEntries(imagenetMap.entries.map((entry) => [entry.category, entry.classes]));
    expect(indices).toEqual(reference.imagenet_indices);
    expect(imagenetMap.entries.flatMap((entry) => entry.classes)).toHaveLength(reference.total);
    expect(isCategory('oven')).toBe(true);
    expect(isCategory('ship')).toBe(false);
  });

  it('are decided by the mean softmax over their classes', () => {
    const logits = floats(tensors, 'logits');
    const expected = floats(tensors, 'expect/aggregated_mean');
    mapping.order.forEach((order, row) => {
      const probabilities = softmax(logits.subarray(row * 1000, (row + 1) * 1000));
      const ranked = rankCategories(probabilities, imagenetMap);
      expect(ranked.map((each) => each.category)).toEqual(order);
      expect(ranked[0]!.category).toBe(mapping.top1[row]);
      for (const { category, score } of ranked) {
        const place = categories.findIndex((each) => each === category);
        expect(score).toBeCloseTo(expected[row * 16 + place]!, 7);
      }
    });
  });

  it('fall to the alphabetically last one in a tie', () => {
    const ranked = rankCategories(new Float64Array(1000).fill(2 ** -10), imagenetMap);
    expect(ranked[0]!.category).toBe('truck');
  });
});

describe('class maps', () => {
  const cifar10 = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
  const imagenet = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
  const resolve = (request: Partial<ClassMapRequest>): ClassMapResult =>
    resolveClassMap({ wanted: 'auto', modelClasses: cifar10, setClasses: categories, ...request });
  const mapOf = (result: ClassMapResult) => (result.kind === 'mapped' ? result.map : undefined);

  it('auto takes the identity, ImageNet and CIFAR-10 in turn', () => {
    expect(mapOf(resolve({ modelClasses: [...categories].reverse() }))).toMatchObject({
      name: 'identity',
      entries: { 0: { category: 'airplane', classes: [15] }, length: 16 },
    });
    expect(mapOf(resolve({ modelClasses: imagenet }))).toBe(imagenetMap);
    expect(mapOf(resolve({}))).toEqual({
      name: 'cifar10',
      entries: [
        { category: 'airplane', classes: [0] },
        { category: 'bird', classes: [2] },
        { category: 'boat', classes: [8] },
        { category: 'car', classes: [1] },
        { category: 'cat', classes: [3] },
        { category: 'dog', classes: [5] },
        { category: 'truck', classes: [9] },
      ],
    });
    expect(resolve({ modelClasses: ['a', 'b'] }).kind).toBe('unmappable');
  });

  it('can be given by names', () => {
    const wanted = { car: ['automobile', 'truck'], cat: ['cat'] };
    expect(mapOf(resolve({ wanted }))!.entries[0]).toEqual({ category: 'car', classes: [1, 9] });
    expect(resolve({ wanted: { car: ['bus'] } })).toEqual({
      kind: 'unmappable',
      message: 'the model has no class bus',
    });
  });

  it('identity leaves out what the model does not know', () => {
    expect(mapOf(resolve({ wanted: 'identity' }))!.entries.map((entry) => entry.category)).toEqual([
      'airplane',
      'bird',
      'cat',
      'dog',
      'truck',
    ]);
    expect(resolve({ wanted: 'imagenet' }).kind).toBe('unmappable');
  });
});
