import type { DType, RawTensor, RawTensors } from './raw-tensor.ts';

/** A tensor of a file whose bytes are read when they are asked for. */
export interface StoredTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly load: () => Promise<RawTensor>;
}

/** Tensors by name, in file order. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** Reads them all, one after the other: for what is needed whole. */
export async function loadTensors(stored: StoredTensors): Promise<RawTensors> {
  const tensors = new Map<string, RawTensor>();
  for (const [name, tensor] of stored) tensors.set(name, await tensor.load());
  return tensors;
}
