import { isParameter, sizeOf } from '../models/layout.ts';
import type { StateEntry } from '../models/network.ts';
import { tf } from '../tensors/index.ts';
import { memoryShape, toMemoryLayout, toTorchLayout } from '../weights/memory-layout.ts';

/**
 * A network's parameters as one vector, so that an optimiser's step is a handful of operations on all of them together
 * in place of several hundred small ones, and its gradient is one vector too.
 */
export interface FlatParameters {
  readonly size: number;
  /** [size] -> parameters by name, in memory layout. Differentiable. */
  unpack(vector: tf.Tensor1D): Map<string, tf.Tensor>;
  /** Values by name in PyTorch's layout -> [size]; what has no values is `fill`. */
  packValues(values: ReadonlyMap<string, ArrayLike<number>>, fill: number): tf.Tensor1D;
  /** [size] -> values by name in PyTorch's layout. */
  unpackValues(vector: Float32Array): ReadonlyMap<string, Float32Array>;
}

export function flatParameters(entries: readonly StateEntry[]): FlatParameters {
  const parameters = entries.filter(isParameter);
  const sizes = parameters.map(({ shape }) => sizeOf(shape));
  const size = sizeOf([sizes.reduce((sum, part) => sum + part, 0)]);
  return {
    size,
    unpack: (vector) => {
      const parts = tf.split(vector, sizes);
      return new Map(
        parameters.map(({ name, shape }, index) => [
          name,
          tf.reshape(parts[index]!, [...memoryShape(shape)]),
        ]),
      );
    },
    packValues: (values, fill) => {
      const vector = new Float32Array(size).fill(fill);
      let offset = 0;
      for (const { name, shape } of parameters) {
        const part = values.get(name);
        if (part !== undefined) vector.set(toMemoryLayout(Float32Array.from(part), shape), offset);
        offset += sizeOf(shape);
      }
      return tf.tensor1d(vector);
    },
    unpackValues: (vector) => {
      let offset = 0;
      return new Map(
        parameters.map(({ name, shape }) => {
          const part = vector.subarray(offset, (offset += sizeOf(shape)));
          return [name, toTorchLayout(part, shape)];
        }),
      );
    },
  };
}
