import { runSingle, type Operation } from '../operation.ts';
import type { tf } from '../tf.ts';
import { composedConv2d, composedInputGradient, composedKernelGradient } from './composed.ts';
import type {
  ConvAttrs,
  ConvGeometry,
  ConvGradientAttrs,
  ConvInputs,
  InputGradientInputs,
  KernelGradientInputs,
} from './geometry.ts';
import { fusedConv2d, fusedInputGradient, fusedKernelGradient } from './tensorflow.ts';

/**
 * Two-dimensional cross-correlation, as PyTorch's `conv2d`. Stride and dilation cannot both exceed 1.
 * @param x - [batch, height, width, in]
 * @param kernel - [height, width, in, out]
 * @returns [batch, height', width', out] with height' = floor((height + 2 padding - dilation (kernel - 1) - 1) / stride) + 1
 */
export function conv2d(x: tf.Tensor, kernel: tf.Tensor, geometry: ConvGeometry = {}): tf.Tensor4D {
  const { stride = 1, padding = 0, dilation = 1 } = geometry;
  if (stride > 1 && dilation > 1) throw new Error('conv2d: stride and dilation cannot both exceed 1');
  return runSingle(conv2dOperation, { x, kernel }, { stride, padding, dilation }) as tf.Tensor4D;
}

/**
 * The transpose of `conv2d` as a linear map of its input: what each output hands back to the inputs that it was made of.
 * @param dy - [batch, height', width', out]
 * @param geometry - `shape` is that of the convolution's input, [batch, height, width, in], which is the result's too
 */
export function conv2dTransposed(
  dy: tf.Tensor,
  kernel: tf.Tensor,
  geometry: ConvGeometry & { readonly shape: readonly number[] },
): tf.Tensor4D {
  const { stride = 1, padding = 0, dilation = 1, shape } = geometry;
  const attrs = { stride, padding, dilation, shape: [...shape] };
  return runSingle(conv2dInputGradient, { dy, kernel }, attrs) as tf.Tensor4D;
}

export const conv2dInputGradient: Operation<InputGradientInputs, ConvGradientAttrs> = {
  name: 'PaddedConv2dInputGradient',
  composed: composedInputGradient,
  tensorflow: fusedInputGradient,
};

export const conv2dKernelGradient: Operation<KernelGradientInputs, ConvGradientAttrs> = {
  name: 'PaddedConv2dKernelGradient',
  composed: composedKernelGradient,
  tensorflow: fusedKernelGradient,
};

export const conv2dOperation: Operation<ConvInputs, ConvAttrs> = {
  name: 'PaddedConv2d',
  composed: composedConv2d,
  tensorflow: fusedConv2d,
  gradient: {
    inputsToSave: ['x', 'kernel'],
    compute([dy], [x, kernel], { stride, padding, dilation }) {
      const geometry = { stride, padding, dilation };
      return {
        x: () =>
          runSingle(conv2dInputGradient, { dy: dy!, kernel: kernel! }, { ...geometry, shape: [...x!.shape] }),
        kernel: () =>
          runSingle(conv2dKernelGradient, { x: x!, dy: dy! }, { ...geometry, shape: [...kernel!.shape] }),
      };
    },
  },
};
