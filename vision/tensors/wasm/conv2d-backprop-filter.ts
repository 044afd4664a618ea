import { tf } from '../tf.ts';
import type { WasmKernel } from './wasm-kernel.ts';

interface Attrs {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

/** The gradient of tfjs' own conv2d for its filter, as a forward convolution; see `convolution/composed.ts`. */
export const conv2dBackpropFilter: WasmKernel<{ readonly x: tf.Tensor4D; readonly dy: tf.Tensor4D }, Attrs> =
  {
    name: 'Conv2DBackpropFilter',
    compute: (_heap, { x, dy }, { strides, pad, dimRoundingMode, filterShape }) =>
      tf.tidy(() => {
        const geometry = tf.backend_util.computeConv2DInfo(
          x.shape,
          filterShape,
          strides,
          1,
          pad,
          dimRoundingMode,
        );
        const { top, bottom, left, right } = geometry.padInfo;
        const padded = tf.pad(x, [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ]);
        const images = tf.transpose(padded, [3, 1, 2, 0]); // [in, height, width, batch]
        const filter = tf.transpose(dy, [1, 2, 0, 3]); // [height', width', batch, out]
        const dilations: [number, number] = [geometry.strideHeight, geometry.strideWidth];
        const all = tf.conv2d(images, filter, 1, 'valid', 'NHWC', dilations);
        const [height, width, channels, out] = filterShape;
        return tf.transpose(tf.slice(all, [0, 0, 0, 0], [channels, height, width, out]), [1, 2, 0, 3]);
      }),
  };
