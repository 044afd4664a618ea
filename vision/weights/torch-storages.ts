import type { DType } from './raw-tensor.ts';

/** PyTorch's classes of typed memory, by element type: how its files name the type of a tensor. */
export const storageOf: { readonly [type in DType]?: string } = {
  F32: 'FloatStorage',
  F64: 'DoubleStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
};

/** The element type of a storage class by its full name, `torch.FloatStorage`; undefined for any other name. */
export function typeOfStorage(name: string): DType | undefined {
  return typesByName.get(name);
}

const typesByName: ReadonlyMap<string, DType> = new Map(
  Object.entries(storageOf).map(([type, name]) => [`torch.${name}`, type as DType]),
);
