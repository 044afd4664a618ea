import { beforeAll, describe, expect, it } from 'vitest';
import {
  availableBackends,
  batchNormTrain,
  conv2d,
  maxPool,
  relu,
  startBackend,
  tf,
} from '../../../vision/tensors/index.ts';
import {
  composedConv2d,
  composedInputGradient,
  composedKernelGradient,
} from '../../../vision/tensors/convolution/composed.ts';
import {
  fusedConv2d,
  fusedInputGradient,
  fusedKernelGradient,
} from '../../../vision/tensors/convolution/tensorflow.ts';
import {
  composedBatchNorm,
  composedBatchNormGradient,
} from '../../../vision/tensors/normalisation/composed.ts';
import { fusedBatchNorm, fusedBatchNormGradient } from '../../../vision/tensors/normalisation/tensorflow.ts';
import { composedMaxPool, composedMaxPoolGradient } from '../../../vision/tensors/pooling/composed.ts';
import { fusedMaxPool, fusedMaxPoolGradient } from '../../../vision/tensors/pooling/tensorflow.ts';
import { expectNoLeak } from '../../support/leaks.ts';
import { relativeError, seeded } from '../../support/numeric-gradient.ts';

const tensorflow = availableBackends().some((entry) => entry.backend === 'tensorflow' && entry.available);

function expectClose(actual: tf.Tensor, expected: tf.Tensor, tolerance = 1e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(relativeError(actual.dataSync(), expected.dataSync())).toBeLessThan(tolerance);
}

describe.runIf(tensorflow)('fused kernels of TensorFlow against the composed forms', () => {
  beforeAll(async () => {
    await startBackend({ backend: 'tensorflow', threads: 1 });
  });

  it.each([
    { kernel: 3, stride: 1, padding: 1, dilation: 1, channels: 3 },
    { kernel: 3, stride: 2, padding: 1, dilation: 1, channels: 3 },
    { kernel: 3, stride: 2, padding: 1, dilation: 1, channels: 8 },
    { kernel: 1, stride: 1, padding: 0, dilation: 1, channels: 8 },
    { kernel: 1, stride: 2, padding: 0, dilation: 1, channels: 8 },
    { kernel: 7, stride: 2, padding: 3, dilation: 1, channels: 3 },
    { kernel: 2, stride: 1, padding: 1, dilation: 1, channels: 9 },
    { kernel: 3, stride: 1, padding: 2, dilation: 2, channels: 4 },
  ])(
    'convolution $kernel/$stride/$padding/$dilation, $channels channels',
    ({ kernel: size, channels, ...attrs }) => {
      const x = seeded([2, 12, 11, channels], 1);
      const kernel = seeded([size, size, channels, 5], 2);
      const y = composedConv2d({ x, kernel }, attrs);
      expectClose(fusedConv2d({ x, kernel }, attrs), y);
      const dy = seeded(y.shape, 3);
      const forX = { ...attrs, shape: [...x.shape] };
      expectClose(fusedInputGradient({ dy, kernel }, forX), composedInputGradient({ dy, kernel }, forX));
      const forKernel = { ...attrs, shape: [...kernel.shape] };
      expectClose(fusedKernelGradient({ x, dy }, forKernel), composedKernelGradient({ x, dy }, forKernel));
    },
  );

  it('batch norm and its gradient', () => {
    const affine = { scale: seeded([7], 2), offset: seeded([7], 3) };
    const inputs = { x: seeded([4, 5, 6, 7], 1), ...affine, mean: seeded([7], 5), variance: seeded([7], 6) };
    const attrs = { epsilon: 1e-5, momentum: 0.1 };
    const expected = composedBatchNorm(inputs, attrs);
    const [, , , mean, spread, workspace] = expected;
    const fused = fusedBatchNorm(inputs, attrs);
    for (const i of [0, 1, 2]) expectClose(fused[i]!, expected[i]!);
    const backward = { dy: seeded([4, 5, 6, 7], 4), x: inputs.x, scale: inputs.scale };
    const gradients = composedBatchNormGradient(
      { ...backward, mean: mean!, spread: spread!, workspace: workspace! },
      { epsilon: 1e-5 },
    );
    // What the gradient reads differs between devices: each reads what its own forward pass left.
    fusedBatchNormGradient(
      { ...backward, mean: fused[3]!, spread: fused[4]!, workspace: fused[5]! },
      { epsilon: 1e-5 },
    ).forEach((tensor, i) => expectClose(tensor, gradients[i]!));
  });

  it.each([
    { size: 3, stride: 2, padding: 1 },
    { size: 2, stride: 2, padding: 0 },
    { size: 3, stride: 1, padding: 1 },
  ])('maximum pooling $size/$stride/$padding', (attrs) => {
    // Rectified, so that windows hold many equal zeros: the first must win in both forms.
    const x = tf.relu(seeded([2, 9, 8, 3], 1));
    const y = composedMaxPool({ x }, attrs);
    expectClose(fusedMaxPool({ x }, attrs), y);
    const dy = seeded(y.shape, 2);
    expectClose(fusedMaxPoolGradient({ dy, x, y }, attrs), composedMaxPoolGradient({ dy, x, y }, attrs));
  });

  it('leaves no tensor behind in a forward and backward pass', async () => {
    const x = seeded([2, 8, 8, 3], 1);
    const kernel = tf.variable(seeded([3, 3, 3, 4], 2));
    const scale = tf.variable(tf.ones([4]));
    const offset = tf.variable(tf.zeros([4]));
    await expectNoLeak(() => {
      const { value, grads } = tf.variableGrads(() => {
        const { y } = batchNormTrain(conv2d(x, kernel, { padding: 1, stride: 2 }), {
          scale,
          offset,
          mean: tf.zeros([4]),
          variance: tf.ones([4]),
          epsilon: 1e-5,
          momentum: 0.1,
        });
        return tf.sum(maxPool(relu(y), { size: 2 }));
      });
      tf.dispose([value, grads]);
    });
  });
});
