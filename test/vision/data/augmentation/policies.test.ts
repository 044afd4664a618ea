import { describe, expect, it } from 'vitest';
import { augmentTones, type Augmentation } from '../../../../vision/data/augmentation/augmentation.ts';
import { operations } from '../../../../vision/data/augmentation/operations.ts';
import { randomFrom, type Random } from '../../../../vision/random/random.ts';

const image = {
  width: 40,
  height: 30,
  data: Uint8Array.from({ length: 40 * 30 * 3 }, (_, at) => (at * 89 + ((at * at) % 17)) % 256),
};
const interpolation = 'bilinear';

/** Draws that are known beforehand: whole numbers in turn, and one answer to every chance that is open. */
function drawing(integers: readonly number[], chances: (probability: number) => boolean): Random {
  const left = [...integers];
  return { ...randomFrom(0), integer: () => left.shift()!, chance: chances };
}

describe('TrivialAugment', () => {
  it('does one operation at one of its magnitudes', () => {
    const rotate = augmentTones(
      image,
      { kind: 'trivial-augment-wide' },
      { interpolation, random: drawing([5, 10], () => true) },
    );
    expect(rotate).toEqual(operations.Rotate(image, { magnitude: -45, interpolation }));
    const posterize = augmentTones(
      image,
      { kind: 'trivial-augment-wide' },
      { interpolation, random: drawing([10, 30], () => true) },
    );
    expect(posterize).toEqual(operations.Posterize(image, { magnitude: 2, interpolation }));
  });
});

describe('RandAugment', () => {
  it('does as many operations as it is told, at its magnitude', () => {
    const policy = { kind: 'rand-augment', operations: 2, magnitude: 10 } as const;
    const random = drawing([5, 11], () => false);
    const rotated = operations.Rotate(image, { magnitude: 10, interpolation });
    expect(augmentTones(image, policy, { interpolation, random })).toEqual(
      operations.Solarize(rotated, { magnitude: 170, interpolation }),
    );
    expect(augmentTones(image, { ...policy, operations: 0 }, { interpolation, random })).toBe(image);
  });
});

describe('AutoAugment', () => {
  it('does the operations of a pair, each with its probability', () => {
    const policy = { kind: 'auto-augment' } as const;
    // Pair 9: equalize with 0.6, posterize to 5 bits with 0.4.
    const of = (threshold: number) =>
      augmentTones(image, policy, { interpolation, random: drawing([9], (p) => p >= threshold) });
    const equal = operations.Equalize(image, { magnitude: 0, interpolation });
    expect(of(0.7)).toBe(image);
    expect(of(0.5)).toEqual(equal);
    expect(of(0.3)).toEqual(operations.Posterize(equal, { magnitude: 5, interpolation }));
  });
});

it.each<Augmentation>([
  { kind: 'auto-augment' },
  { kind: 'rand-augment', operations: 2, magnitude: 9 },
  { kind: 'trivial-augment-wide' },
])('$kind depends on its stream alone, and changes images in many ways', (policy) => {
  const results = Array.from({ length: 40 }, (_, seed) => {
    const [first, second] = [1, 2].map(() =>
      augmentTones(image, policy, { interpolation, random: randomFrom(seed) }),
    );
    expect(second).toEqual(first);
    return Buffer.from(first!.data).toString('base64');
  });
  expect(new Set(results).size).toBeGreaterThan(10);
});
