import { tf } from '../tf.ts';
import type { MaxPoolGradientInputs, PoolAttrs } from './geometry.ts';

/** By our own `MaxPoolGrad` kernel, which takes the padding as it is. */
export function wasmMaxPoolGradient(
  { dy, x, y }: MaxPoolGradientInputs,
  { size, stride, padding }: PoolAttrs,
): tf.Tensor {
  return tf
    .engine()
    .runKernel(
      'MaxPoolGrad',
      { dy, input: x, output: y },
      { filterSize: [size, size], strides: [stride, stride], pad: padding, dimRoundingMode: 'floor' },
    );
}
