import { tf } from '../tf.ts';

/** An attribute as tfjs' kernels hand it to TensorFlow; `type` is one of the binding's `TF_ATTR_…`. */
export interface KernelAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor of TensorFlow's, by its handle. */
export interface Handle {
  readonly id: number;
  readonly shape: readonly number[];
  /** TensorFlow's `DataType`. */
  readonly dtype: number;
}

/** The native functions below tfjs' kernels, of those that recording and running need. */
export interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  tensorDataSync(id: number): unknown;
  executeOp(
    name: string,
    attributes: readonly KernelAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly Handle[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** Set while a program is recorded. */
  readonly recorded?: boolean;
}

/** tfjs' backend on TensorFlow, which hands every kernel to its binding. */
export interface NativeBackend {
  binding: Binding;
  readonly isUsingGpuDevice: boolean;
  /** What is known of a tensor's data; `values` only while they wait in JavaScript. */
  readonly tensorMap: { get(dataId: object): { readonly values?: ArrayBufferView | null } };
  /** Handles of the tensors; values that still wait in JavaScript become handles first. */
  getInputTensorIds(tensors: readonly tf.Tensor[]): readonly number[];
  /** The tensor of a handle, which the tensor owns from now on. */
  createOutputTensor(handle: Handle): tf.Tensor;
  getDTypeInteger(dtype: tf.DataType): number;
  move(dataId: object, values: unknown, shape: number[], dtype: tf.DataType, references: number): void;
  runSavedModel(
    id: number,
    inputs: readonly tf.Tensor[],
    names: readonly { readonly name: string }[],
    outputs: readonly string[],
  ): tf.Tensor[];
}

/** Whether a program is being recorded, so that kernels may stand in the log that TensorFlow does not have one by one. */
export function isRecorded(): boolean {
  return nativeBackend().binding.recorded === true;
}

/** The same memory under a handle of its own, which does not end with the other. */
export function sharing(tensor: tf.Tensor): tf.Tensor {
  const backend = nativeBackend();
  const [handle] = backend.binding.executeOp('Identity', [], backend.getInputTensorIds([tensor]), 1);
  return backend.createOutputTensor(handle!);
}

/** Throws on another backend than TensorFlow's. */
export function nativeBackend(): NativeBackend {
  if (tf.getBackend() !== 'tensorflow')
    throw new Error(`graphs run on the tensorflow backend only, not on ${tf.getBackend()}`);
  return tf.backend() as unknown as NativeBackend;
}
