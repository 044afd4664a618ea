import type { NativeRecipe } from './wheels.ts';

/** The C headers that the binding's source reads, below the wheel's `tensorflow/include`. */
const HEADERS: ReadonlySet<string> = new Set(
  [
    'tensorflow/c/c_api.h',
    'tensorflow/c/c_api_macros.h',
    'tensorflow/c/tf_attrtype.h',
    'tensorflow/c/tf_buffer.h',
    'tensorflow/c/tf_datatype.h',
    'tensorflow/c/tf_status.h',
    'tensorflow/c/tf_tensor.h',
    'tensorflow/c/tf_tstring.h',
    'tensorflow/c/eager/c_api.h',
    'tensorflow/core/platform/ctstring.h',
    'tensorflow/core/platform/ctstring_internal.h',
    'tsl/platform/ctstring.h',
    'tsl/platform/ctstring_internal.h',
    'xla/tsl/c/tsl_status.h',
  ].map((header) => `tensorflow/include/${header}`),
);

/** Whether a file of TensorFlow's wheel is needed: two libraries and some headers out of ten thousand files. */
export function isNeededOfTensorflow(name: string, { libraries }: NativeRecipe): boolean {
  return HEADERS.has(name) || libraries.some((library) => name === `tensorflow/${library}`);
}

/** Whether a file of an NVIDIA wheel is needed at run time: libraries, the PTX assembler and its bitcode, no headers. */
export function isNeededOfCuda(name: string): boolean {
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(name);
}

/** How many files `isNeededOfTensorflow` wants. */
export function neededCount({ libraries }: NativeRecipe): number {
  return HEADERS.size + libraries.length;
}
