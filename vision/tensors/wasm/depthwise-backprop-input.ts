import type { tf } from '../tf.ts';
import { forEachProduct, type DepthwiseAttrs, type Shape4D } from './depthwise-geometry.ts';
import { openOutput, type WasmKernel } from './wasm-kernel.ts';

interface Inputs {
  readonly dy: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
}

/** The gradient of a depthwise convolution for its input. */
export const depthwiseBackpropInput: WasmKernel<Inputs, DepthwiseAttrs & { readonly inputShape: Shape4D }> = {
  name: 'DepthwiseConv2dNativeBackpropInput',
  compute(heap, { dy, filter }, attrs) {
    const { info, out, views } = openOutput(heap, attrs.inputShape, [dy, filter]);
    const [gradients, taps] = views as [Float32Array, Float32Array];
    const shapes = { inShape: attrs.inputShape, filterShape: filter.shape as Shape4D, attrs };
    forEachProduct(shapes, (x, tap, y) => (out[x]! += taps[tap]! * gradients[y]!));
    return info;
  },
};
