import { beforeAll, describe, expect, it } from 'vitest';
import {
  batchNormEval,
  batchNormTrain,
  conv2d,
  globalAveragePool,
  linear,
  maxPool,
  relu,
  resizeBilinear,
  resizeNearest,
  softmaxCrossEntropy,
  tf,
} from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { gradientPairs, relativeError, seeded } from '../../support/numeric-gradient.ts';

beforeAll(async () => {
  await useTestBackend();
});

const x = (): tf.Tensor => seeded([2, 7, 6, 3], 1);

describe('gradients against central differences', () => {
  const cases: Record<string, readonly [(inputs: tf.Tensor[]) => tf.Tensor, () => tf.Tensor[]]> = {
    'conv2d, 3x3 padded': [([a, k]) => conv2d(a!, k!, { padding: 1 }), () => [x(), seeded([3, 3, 3, 4], 2)]],
    'conv2d, strided, rows left over': [
      ([a, k]) => conv2d(a!, k!, { padding: 1, stride: 2 }),
      () => [x(), seeded([3, 3, 3, 4], 2)],
    ],
    'conv2d, 1x1 strided': [([a, k]) => conv2d(a!, k!, { stride: 2 }), () => [x(), seeded([1, 1, 3, 4], 2)]],
    'conv2d, padded beyond the kernel': [
      ([a, k]) => conv2d(a!, k!, { padding: 2 }),
      () => [x(), seeded([2, 2, 3, 2], 2)],
    ],
    'conv2d, 7x7 strided': [
      ([a, k]) => conv2d(a!, k!, { padding: 3, stride: 2 }),
      () => [x(), seeded([7, 7, 3, 2], 2)],
    ],
    'conv2d, dilated': [
      ([a, k]) => conv2d(a!, k!, { padding: 2, dilation: 2 }),
      () => [x(), seeded([3, 3, 3, 4], 2)],
    ],
    'batch norm in training': [
      ([a, scale, offset]) => {
        const running = { mean: tf.zeros([3]), variance: tf.ones([3]), momentum: 0.1 };
        return batchNormTrain(a!, { scale: scale!, offset: offset!, epsilon: 1e-5, ...running }).y;
      },
      () => [x(), seeded([3], 2), seeded([3], 3)],
    ],
    'batch norm in evaluation': [
      ([a, scale, offset, mean]) =>
        batchNormEval(a!, {
          scale: scale!,
          offset: offset!,
          mean: mean!,
          variance: tf.tensor1d([0.5, 1, 2]),
          epsilon: 1e-5,
        }),
      () => [x(), seeded([3], 2), seeded([3], 3), seeded([3], 4)],
    ],
    'global average pool': [([a]) => globalAveragePool(a!), () => [x()]],
    linear: [([a, w, b]) => linear(a!, w!, b), () => [seeded([3, 5], 1), seeded([5, 4], 2), seeded([4], 3)]],
    'bilinear, larger': [([a]) => resizeBilinear(a!, [11, 13]), () => [x()]],
    'bilinear, smaller': [([a]) => resizeBilinear(a!, [3, 4]), () => [x()]],
    nearest: [([a]) => resizeNearest(a!, [11, 4]), () => [x()]],
    'cross-entropy': [
      ([a]) => softmaxCrossEntropy(a!, tf.tensor1d([1, 0, 3], 'int32'), { labelSmoothing: 0.1 }),
      () => [seeded([3, 5], 1)],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, [f, inputs]) => {
    for (const { tape, numeric } of gradientPairs(f, inputs())) {
      expect(relativeError(tape, numeric)).toBeLessThan(5e-3);
    }
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
