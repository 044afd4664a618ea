import { expect } from 'vitest';
import {
  batchNormEval,
  batchNormTrain,
  conv2d,
  gelu,
  globalAveragePool,
  layerNorm,
  linear,
  rearrangeRows,
  resizeBicubicAligned,
  resizeBilinear,
  resizeNearest,
  softmaxCrossEntropy,
  tf,
  unitRows,
} from '../../../vision/tensors/index.ts';
import { gradientPairs, relativeError, seeded } from '../../support/numeric-gradient.ts';

/** A function and the inputs to differentiate it by. */
export type GradientCase = readonly [(inputs: tf.Tensor[]) => tf.Tensor, () => tf.Tensor[]];

const x = (): tf.Tensor => seeded([2, 7, 6, 3], 1);

export const gradientCases: Readonly<Record<string, GradientCase>> = {
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
  'linear, over the last of three axes': [
    ([a, w, b]) => linear(a!, w!, b),
    () => [seeded([2, 3, 5], 1), seeded([5, 4], 2), seeded([4], 3)],
  ],
  'linear, without bias': [([a, w]) => linear(a!, w!), () => [seeded([2, 3, 5], 1), seeded([5, 4], 2)]],
  gelu: [([a]) => gelu(a!), () => [tf.mul(seeded([4, 9], 1), 2)]],
  'layer norm': [
    ([a, scale, offset]) => layerNorm(a!, { scale: scale!, offset: offset!, epsilon: 1e-5 }),
    () => [seeded([3, 4, 6], 1), seeded([6], 2), seeded([6], 3)],
  ],
  'unit rows, a gain for all': [
    ([a, gain]) => unitRows(a!, gain!),
    () => [seeded([3, 4, 5], 1), tf.ones([1, 1, 1])],
  ],
  'unit rows, a gain for some': [
    ([a, gain]) => unitRows(a!, gain!),
    () => [seeded([2, 3, 2, 4, 5], 1), seeded([2, 1, 2, 1, 1], 2)],
  ],
  'unit rows, a gain each': [
    ([a, gain]) => unitRows(a!, gain!),
    () => [seeded([3, 4], 1), seeded([3, 1], 2)],
  ],
  'rows rearranged': [([a]) => rearrangeRows(a!, [3, 0, 4, 1, 2]), () => [seeded([2, 5, 3], 1)]],
  'rows rearranged, some left out, some blank': [
    ([a]) => rearrangeRows(a!, [3, -1, 0, -1]),
    () => [seeded([2, 5, 3], 1)],
  ],
  softmax: [([a]) => tf.softmax(a!), () => [seeded([2, 3, 4, 5], 1)]],
  'product of batches': [
    ([a, b]) => tf.matMul(a!, b!, false, true),
    () => [seeded([2, 3, 4, 5], 1), seeded([2, 3, 6, 5], 2)],
  ],
  'bicubic with aligned corners, larger': [([a]) => resizeBicubicAligned(a!, [11, 13]), () => [x()]],
  'bicubic with aligned corners, smaller': [([a]) => resizeBicubicAligned(a!, [3, 1]), () => [x()]],
  'bilinear, larger': [([a]) => resizeBilinear(a!, [11, 13]), () => [x()]],
  'bilinear, smaller': [([a]) => resizeBilinear(a!, [3, 4]), () => [x()]],
  nearest: [([a]) => resizeNearest(a!, [11, 4]), () => [x()]],
  'cross-entropy': [
    ([a]) => softmaxCrossEntropy(a!, tf.tensor1d([1, 0, 3], 'int32'), { labelSmoothing: 0.1 }),
    () => [seeded([3, 5], 1)],
  ],
};

/** Expects the tape's gradients to be those of central differences. */
export function expectGradients([f, inputs]: GradientCase): void {
  for (const { tape, numeric } of gradientPairs(f, inputs()))
    expect(relativeError(tape, numeric)).toBeLessThan(5e-3);
}
