import { beforeAll, describe, it } from 'vitest';
import { startBackend, tf } from '../../../vision/tensors/index.ts';
import { seeded } from '../../support/numeric-gradient.ts';
import { expectGradients, gradientCases, type GradientCase } from './gradient-cases.ts';

beforeAll(async () => {
  await startBackend({ backend: 'wasm', threads: 1 });
});

/** Values on a grid with gaps wider than the step of the central differences, most of them negative. */
function gridded(): tf.Tensor {
  const values = Float32Array.from({ length: 252 }, (_, i) => ((i * 95) % 252) / 20 - 10.013);
  return tf.tensor(values, [2, 7, 6, 3]);
}

const image = (): tf.Tensor => seeded([2, 7, 6, 3], 1);

describe("tfjs' own operations on wasm, against central differences", () => {
  const cases: Record<string, GradientCase> = {
    'conv2d same': [
      ([a, k]) => tf.conv2d(a as tf.Tensor4D, k as tf.Tensor4D, 1, 'same'),
      () => [image(), seeded([3, 3, 3, 4], 2)],
    ],
    'conv2d same, strided, uneven padding': [
      ([a, k]) => tf.conv2d(a as tf.Tensor4D, k as tf.Tensor4D, 2, 'same'),
      () => [image(), seeded([3, 2, 3, 4], 2)],
    ],
    'depthwise conv2d': [
      ([a, k]) => tf.depthwiseConv2d(a as tf.Tensor4D, k as tf.Tensor4D, 2, 'same'),
      () => [image(), seeded([3, 3, 3, 2], 2)],
    ],
    'maxPool with negative values': [([a]) => tf.maxPool(a as tf.Tensor4D, 3, 2, 'same'), () => [gridded()]],
    'avgPool same': [([a]) => tf.avgPool(a as tf.Tensor4D, 3, 2, 'same'), () => [image()]],
    'avgPool valid': [([a]) => tf.avgPool(a as tf.Tensor4D, 2, 2, 'valid'), () => [image()]],
    gather: [([a]) => tf.gather(a!, tf.tensor1d([1, 0, 1, 1], 'int32')), () => [seeded([2, 3, 4], 1)]],
    'gather along an inner axis': [
      ([a]) => tf.gather(a!, tf.tensor1d([2, 0, 2], 'int32'), 1),
      () => [seeded([2, 3, 4], 1)],
    ],
  };
  it.each(Object.entries(cases))('%s', (_name, each) => {
    expectGradients(each);
  });
});

describe('our operations on wasm, against central differences', () => {
  it.each(Object.entries(gradientCases))('%s', (_name, each) => {
    expectGradients(each);
  });
});
