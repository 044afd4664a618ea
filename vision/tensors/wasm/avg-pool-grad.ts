import { tf } from '../tf.ts';
import type { PoolAttrs } from './max-pool-grad.ts';
import { openOutput, type WasmKernel } from './wasm-kernel.ts';

interface Inputs {
  readonly dy: tf.TensorInfo;
  readonly input: tf.TensorInfo;
}

/**
 * The gradient of average pooling. The average is over the cells inside the image, so at padded edges fewer share the
 * gradient; tfjs' own kernel divides by the whole window there.
 */
export const avgPoolGrad: WasmKernel<Inputs, PoolAttrs> = {
  name: 'AvgPoolGrad',
  compute(heap, { dy, input }, { filterSize, strides, pad, dimRoundingMode }) {
    const shape = input.shape as [number, number, number, number];
    const geometry = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const { info, out, views } = openOutput(heap, shape, [dy]);
    const [gradients] = views as [Float32Array];
    const { batchSize, outHeight, outWidth, inHeight, inWidth, inChannels: channels } = geometry;

    for (let b = 0; b < batchSize; b++) {
      for (let row = 0; row < outHeight; row++) {
        const top = row * geometry.strideHeight - geometry.padInfo.top;
        const yStart = Math.max(0, top);
        const yEnd = Math.min(inHeight, top + geometry.effectiveFilterHeight);
        for (let column = 0; column < outWidth; column++) {
          const left = column * geometry.strideWidth - geometry.padInfo.left;
          const xStart = Math.max(0, left);
          const xEnd = Math.min(inWidth, left + geometry.effectiveFilterWidth);
          const share = 1 / ((yEnd - yStart) * (xEnd - xStart));
          const source = ((b * outHeight + row) * outWidth + column) * channels;
          for (let y = yStart; y < yEnd; y++) {
            for (let x = xStart; x < xEnd; x++) {
              const at = ((b * inHeight + y) * inWidth + x) * channels;
              for (let c = 0; c < channels; c++) out[at + c]! += gradients[source + c]! * share;
            }
          }
        }
      }
    }
    return info;
  },
};
