import { beforeAll, describe, expect, it } from 'vitest';
import { halfSquaredLength, maxPool, relu, tf } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { gradientPairs, relativeError } from '../../support/numeric-gradient.ts';
import { expectGradients, gradientCases } from './gradient-cases.ts';

beforeAll(async () => {
  await useTestBackend();
});

describe('gradients against central differences', () => {
  it.each(Object.entries(gradientCases))('%s', (_name, each) => {
    expectGradients(each);
  });

  // Steps must stay on one side of the kinks, so the values lie on a grid with gaps wider than the step.
  const gridded = (): tf.Tensor => {
    const order = Float32Array.from({ length: 252 }, (_, i) => ((i * 95) % 252) / 20 - 6.013);
    return tf.tensor(order, [2, 7, 6, 3]);
  };
  it.each([
    { size: 2, stride: 2, padding: 0 },
    { size: 3, stride: 2, padding: 1 },
    { size: 3, stride: 1, padding: 1 },
  ])('maxPool with negative values, $size/$stride/$padding', (geometry) => {
    const [pair] = gradientPairs(([a]) => maxPool(a!, geometry), [gridded()]);
    expect(relativeError(pair!.tape, pair!.numeric)).toBeLessThan(5e-3);
  });
  it('relu', () => {
    const [pair] = gradientPairs(([a]) => relu(a!), [gridded()]);
    expect(relativeError(pair!.tape, pair!.numeric)).toBeLessThan(5e-3);
  });
});

describe('half the squared length', () => {
  it.each([
    ['a vector', [1, 2, -2], [3], 4.5],
    ['all elements of a map', [1, 1, 1, -1, 2, 0], [1, 2, 3], 4],
    ['a number', [3], [], 4.5],
  ])('of %s', (_what, values, shape, expected) => {
    const half = halfSquaredLength(tf.tensor(values, shape, 'float32'));
    expect(half.shape).toEqual([]);
    expect(half.dataSync()).toEqual(Float32Array.of(expected));
  });
});
