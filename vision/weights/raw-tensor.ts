import { fromBfloat16, fromHalf, valueOfHalf } from './narrow-floats.ts';

/** Element types as safetensors names them. */
export type DType =
  'BOOL' | 'U8' | 'I8' | 'I16' | 'U16' | 'F16' | 'BF16' | 'I32' | 'U32' | 'F32' | 'F64' | 'I64' | 'U64';

export const bytesPerElement: { readonly [type in DType]: number } = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
};

/** A tensor as a file holds it: contiguous, row by row, little-endian. Nothing is converted until it is asked for. */
export interface RawTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Tensors by name, in file order. */
export type RawTensors = ReadonlyMap<string, RawTensor>;

/** As many as PyTorch knows. */
export const mostAxes = 64;

/** How many elements a shape has; infinite where that is beyond counting. */
export function elementCount(shape: readonly number[]): number {
  // Looked for first: an infinite product times zero is not a number.
  if (shape.includes(0)) return 0;
  return shape.reduce((product, side) => product * side, 1);
}

export function float32Tensor(shape: readonly number[], values: Float32Array): RawTensor {
  return raw('F32', shape, values);
}

export function uint8Tensor(shape: readonly number[], values: Uint8Array): RawTensor {
  return raw('U8', shape, values);
}

/** A whole number as a scalar int64, as PyTorch keeps its counters. */
export function int64Scalar(value: number): RawTensor {
  return raw('I64', [], BigInt64Array.of(BigInt(value)));
}

/** Whole numbers as int64, as PyTorch keeps its indices. */
export function int64Tensor(shape: readonly number[], values: Int32Array): RawTensor {
  return raw('I64', shape, BigInt64Array.from(values, BigInt));
}

function raw(
  dtype: DType,
  shape: readonly number[],
  values: Float32Array | Uint8Array | BigInt64Array,
): RawTensor {
  if (values.length !== elementCount(shape))
    throw new Error(`${values.length} values do not fill the shape [${shape.join(', ')}]`);
  return { dtype, shape, bytes: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

/** The values as float32 (rounded where the type is wider). Always a fresh array. */
export function toFloat32(tensor: RawTensor): Float32Array {
  // Of its own, so that values of any type can be viewed in it.
  const { buffer } = Uint8Array.from(tensor.bytes);
  switch (tensor.dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return fromHalf(new Uint16Array(buffer));
    case 'BF16':
      return fromBfloat16(new Uint16Array(buffer));
    case 'F64':
      return new Float32Array(new Float64Array(buffer));
    case 'BOOL':
    case 'U8':
      return new Float32Array(new Uint8Array(buffer));
    default:
      return Float32Array.from(toNumbers(tensor));
  }
}

/** The values as plain numbers; 64-bit integers beyond 2^53 lose their last digits. */
export function toNumbers(tensor: RawTensor): number[] {
  const read = reader(tensor);
  return Array.from({ length: elementCount(tensor.shape) }, (_, index) => read(index));
}

function reader({ dtype, bytes }: RawTensor): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case 'BOOL':
    case 'U8':
      return (index) => view.getUint8(index);
    case 'I8':
      return (index) => view.getInt8(index);
    case 'I16':
      return (index) => view.getInt16(index * 2, true);
    case 'U16':
      return (index) => view.getUint16(index * 2, true);
    case 'F16':
      return (index) => valueOfHalf(view.getUint16(index * 2, true));
    case 'BF16':
      return (index) => fromBfloat16(Uint16Array.of(view.getUint16(index * 2, true)))[0]!;
    case 'I32':
      return (index) => view.getInt32(index * 4, true);
    case 'U32':
      return (index) => view.getUint32(index * 4, true);
    case 'F32':
      return (index) => view.getFloat32(index * 4, true);
    case 'F64':
      return (index) => view.getFloat64(index * 8, true);
    case 'I64':
      return (index) => Number(view.getBigInt64(index * 8, true));
    case 'U64':
      return (index) => Number(view.getBigUint64(index * 8, true));
  }
}
