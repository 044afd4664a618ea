import type { tf } from '../tf.ts';
import { forEachProduct, type DepthwiseAttrs, type Shape4D } from './depthwise-geometry.ts';
import { openOutput, type WasmKernel } from './wasm-kernel.ts';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly dy: tf.TensorInfo;
}

/** The gradient of a depthwise convolution for its filter [height, width, channels, multiplier]. */
export const depthwiseBackpropFilter: WasmKernel<Inputs, DepthwiseAttrs & { readonly filterShape: Shape4D }> =
  {
    name: 'DepthwiseConv2dNativeBackpropFilter',
    compute(heap, { x, dy }, attrs) {
      const { info, out, views } = openOutput(heap, attrs.filterShape, [x, dy]);
      const [values, gradients] = views as [Float32Array, Float32Array];
      const shapes = { inShape: x.shape as Shape4D, filterShape: attrs.filterShape, attrs };
      forEachProduct(shapes, (from, tap, y) => (out[tap]! += values[from]! * gradients[y]!));
      return info;
    },
  };
