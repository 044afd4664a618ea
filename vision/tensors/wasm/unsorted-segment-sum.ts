import type { tf } from '../tf.ts';
import { openOutput, type WasmKernel } from './wasm-kernel.ts';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly segmentIds: tf.TensorInfo;
}

/** Sums the rows of x [rows, …] by segment: the gradient of gather. Rows with a negative segment are left out. */
export const unsortedSegmentSum: WasmKernel<Inputs, { readonly numSegments: number }> = {
  name: 'UnsortedSegmentSum',
  compute(heap, { x, segmentIds }, { numSegments }) {
    const inner = x.shape.slice(1);
    const width = inner.reduce((product, extent) => product * extent, 1);
    const { info, out, views } = openOutput(heap, [numSegments, ...inner], [x]);
    const [values] = views as [Float32Array];
    const segments = heap.typedArrayFromHeap(segmentIds);
    segments.forEach((segment, row) => {
      if (segment < 0) return;
      for (let i = 0; i < width; i++) out[segment * width + i]! += values[row * width + i]!;
    });
    return info;
  },
};
