import { runSingle, type Operation } from '../operation.ts';
import type { tf } from '../tf.ts';
import { composedMaxPool, composedMaxPoolGradient } from './composed.ts';
import { wasmMaxPoolGradient } from './wasm.ts';
import { fusedMaxPool, fusedMaxPoolGradient } from './tensorflow.ts';
import type { MaxPoolGradientInputs, MaxPoolInputs, PoolAttrs, PoolGeometry } from './geometry.ts';

/**
 * Maximum over square windows, as PyTorch's `max_pool2d`; padding never wins. Among equal values the first of a window
 * takes the gradient.
 * @param x - [batch, height, width, channels]
 */
export function maxPool(x: tf.Tensor, { size, stride = size, padding = 0 }: PoolGeometry): tf.Tensor4D {
  return runSingle(maxPoolOperation, { x }, { size, stride, padding }) as tf.Tensor4D;
}

export const maxPoolGradient: Operation<MaxPoolGradientInputs, PoolAttrs> = {
  name: 'PaddedMaxPoolGradient',
  composed: composedMaxPoolGradient,
  tensorflow: fusedMaxPoolGradient,
  wasm: wasmMaxPoolGradient,
};

export const maxPoolOperation: Operation<MaxPoolInputs, PoolAttrs> = {
  name: 'PaddedMaxPool',
  composed: composedMaxPool,
  tensorflow: fusedMaxPool,
  gradient: {
    inputsToSave: ['x'],
    outputsToSave: [true],
    compute: ([dy], [x, y], { size, stride, padding }) => ({
      x: () => runSingle(maxPoolGradient, { dy: dy!, x: x!, y: y! }, { size, stride, padding }),
    }),
  },
};
