import { tf } from '../tf.ts';
import { openOutput, type WasmKernel } from './wasm-kernel.ts';

export interface PoolAttrs {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

interface Inputs {
  readonly dy: tf.TensorInfo;
  readonly input: tf.TensorInfo;
}

/**
 * The gradient of maximum pooling: each window's goes to its first maximum. tfjs' own kernel starts from a maximum of 0 and
 * loses windows whose values are all negative.
 */
export const maxPoolGrad: WasmKernel<Inputs, PoolAttrs> = {
  name: 'MaxPoolGrad',
  compute(heap, { dy, input }, { filterSize, strides, pad, dimRoundingMode }) {
    const shape = input.shape as [number, number, number, number];
    const geometry = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { info, out, views } = openOutput(heap, shape, [dy, input]);
    const [gradients, values] = views as [Float32Array, Float32Array];
    const { batchSize, outHeight, outWidth, inHeight, inWidth, inChannels: channels } = geometry;

    for (let b = 0; b < batchSize; b++) {
      for (let row = 0; row < outHeight; row++) {
        const y0 = row * geometry.strideHeight - geometry.padInfo.top;
        const yEnd = Math.min(inHeight, y0 + geometry.effectiveFilterHeight);
        for (let column = 0; column < outWidth; column++) {
          const x0 = column * geometry.strideWidth - geometry.padInfo.left;
          const xEnd = Math.min(inWidth, x0 + geometry.effectiveFilterWidth);
          const target = ((b * outHeight + row) * outWidth + column) * channels;
          for (let c = 0; c < channels; c++) {
            let best = -1;
            let largest = -Infinity;
            for (let y = Math.max(0, y0); y < yEnd; y++) {
              for (let x = Math.max(0, x0); x < xEnd; x++) {
                const at = ((b * inHeight + y) * inWidth + x) * channels + c;
                if (values[at]! > largest) {
                  largest = values[at]!;
                  best = at;
                }
              }
            }
            if (best >= 0) out[best]! += gradients[target + c]!;
          }
        }
      }
    }
    return info;
  },
};
