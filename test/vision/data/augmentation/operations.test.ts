import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { imageNetPairs } from '../../../../vision/data/augmentation/auto-augment.ts';
import {
  autoAugmentSpace,
  type MagnitudeSpace,
  none,
} from '../../../../vision/data/augmentation/magnitudes.ts';
import type { Interpolation } from '../../../../vision/data/augmentation/operation.ts';
import { operations, type OperationName } from '../../../../vision/data/augmentation/operations.ts';
import { randAugmentSpace } from '../../../../vision/data/augmentation/rand-augment.ts';
import { wideSpace } from '../../../../vision/data/augmentation/trivial-augment-wide.ts';
import { bytesOf, referenceJson, referenceTensors } from '../../../support/reference-case.ts';

interface Reference {
  readonly ops: readonly {
    readonly key: string;
    readonly op: OperationName;
    readonly magnitude: number;
    readonly interpolation: Interpolation;
  }[];
  readonly tables: {
    readonly RandAugment: Table;
    readonly TrivialAugmentWide: Table;
    readonly AutoAugment_imagenet: {
      readonly space: Table;
      readonly policies: readonly (readonly [string, number, number | null][])[];
    };
  };
}
type Table = {
  readonly [name: string]: { readonly magnitudes: number | number[]; readonly signed: boolean };
};

const { ops, tables } = referenceJson('metrics/augmentation_ops.json') as Reference;
const tensors = referenceTensors('metrics/augmentation_ops.safetensors');

describe('an operation', () => {
  const [height, width] = tensors.get('image')!.shape as [number, number];
  const image = { width, height, data: bytesOf(tensors, 'image') };

  it.each(ops)('$key is Pillow’s, to the bit', ({ key, op, magnitude, interpolation }) => {
    const before = Buffer.from(image.data);
    const { data } = operations[op](image, { magnitude, interpolation });
    expect(Buffer.from(data).equals(bytesOf(tensors, key))).toBe(true);
    expect(before.equals(image.data)).toBe(true);
  });
});

describe('an operation that moves pixels', () => {
  const [width, height] = [50, 40];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * at * 31 + at * 7) % 256);

  // The first digits of the SHA-256 of what Pillow 13.0 and torchvision 0.17.2 make of the same image.
  it.each<[OperationName, number, Interpolation, string]>([
    ['ShearX', 0.99, 'bicubic', '762b4f4b505d499b'],
    ['ShearX', -0.3, 'bicubic', 'ac3526ebcb36d0f2'],
    ['ShearY', 0.61, 'bicubic', 'c75a79b661b499f8'],
    ['Rotate', 135, 'bicubic', '4ad6bf4b9696eddc'],
    ['Rotate', 7.5, 'bicubic', '946bb52d9956a41f'],
    ['Rotate', -90, 'bilinear', 'f54f83ffc1b0d4f2'],
    ['Rotate', -90, 'nearest', 'f54f83ffc1b0d4f2'],
    ['Rotate', 180, 'bicubic', '148293bde0409cdf'],
    ['Rotate', 180, 'nearest', '148293bde0409cdf'],
    ['TranslateX', -7.9, 'bicubic', 'dab693efba4fe317'],
    ['TranslateY', 11.2, 'bicubic', '9f6493fa27a1b023'],
  ])('%s by %d, %s, is Pillow’s', (name, magnitude, interpolation, wanted) => {
    const moved = operations[name]({ width, height, data }, { magnitude, interpolation });
    expect(createHash('sha256').update(moved.data).digest('hex').slice(0, 16)).toBe(wanted);
  });
});

describe('a space of magnitudes', () => {
  const size = { width: 224, height: 224 };
  it.each([
    ['RandAugment', tables.RandAugment, randAugmentSpace(size)],
    ['TrivialAugmentWide', tables.TrivialAugmentWide, wideSpace],
    ['AutoAugment', tables.AutoAugment_imagenet.space, { ...autoAugmentSpace(size, 10), Invert: none }],
  ])('of %s is torchvision’s', (_, table: Table, space: MagnitudeSpace) => {
    const ours = Object.entries(space).map(([name, { values, signed }]) => {
      const magnitudes = values.length === 1 ? values[0] : Array.from(values);
      return [name, { magnitudes, signed }];
    });
    expect(Object.fromEntries(ours)).toEqual(table);
    expect(Object.keys(space)).toEqual(Object.keys(table));
  });
});

it('has AutoAugment’s pairs', () => {
  const ours = imageNetPairs.map((pair) =>
    pair.map(([name, probability, bin]) => [name, probability, bin ?? null]),
  );
  expect(ours).toEqual(tables.AutoAugment_imagenet.policies);
});
