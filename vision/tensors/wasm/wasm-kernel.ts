import { tf } from '../tf.ts';

/** The part of tfjs' wasm backend that gives access to its memory. */
export interface WasmHeap {
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
}

/** A kernel as loops over wasm memory. Attributes are those of tfjs' kernel of this name. */
export interface WasmKernel<Inputs, Attrs> {
  readonly name: string;
  readonly compute: (heap: WasmHeap, inputs: Inputs, attrs: Attrs) => tf.TensorInfo;
}

/** Registers a kernel, in the place of the one that tfjs may have. The engine's registry is untyped. */
export function registerWasmKernel<Inputs, Attrs>({ name, compute }: WasmKernel<Inputs, Attrs>): void {
  if (tf.getKernelsForBackend('wasm').some((kernel) => kernel.kernelName === name)) {
    tf.unregisterKernel(name, 'wasm');
  }
  tf.registerKernel({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute(backend as WasmHeap, inputs as unknown as Inputs, attrs as unknown as Attrs),
  });
}

/**
 * A zeroed output and views of it and the inputs. Making the output may move wasm's memory, so the views come after it.
 */
export function openOutput(
  heap: WasmHeap,
  shape: readonly number[],
  inputs: readonly tf.TensorInfo[],
): { readonly info: tf.TensorInfo; readonly out: Float32Array; readonly views: readonly Float32Array[] } {
  const info = heap.makeOutput(shape, 'float32');
  const out = heap.typedArrayFromHeap(info) as Float32Array;
  out.fill(0);
  return { info, out, views: inputs.map((input) => heap.typedArrayFromHeap(input) as Float32Array) };
}
