import type { ByteSource } from './byte-source.ts';
import { WeightsError } from './failure.ts';
import type { PickleHost } from './pickle.ts';
import { isObject, type PickleValue } from './pickle-value.ts';
import { bytesPerElement, elementCount, mostAxes, type DType } from './raw-tensor.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { typeOfStorage } from './torch-storages.ts';

/** A PyTorch file, taken apart: the value that was saved, and where each storage's bytes are. */
export interface TorchArchive {
  readonly value: PickleValue;
  /** Where in the file a storage lies. */
  readonly rangeOf: (storage: TorchStorage) => ByteRange;
}

/** Of a file; `end` is the first byte behind it. */
export interface ByteRange {
  readonly begin: number;
  readonly end: number;
}

/** A tensor of a PyTorch file before its bytes are looked up. */
export interface TorchTensor {
  readonly kind: 'tensor';
  readonly storage: TorchStorage;
  /** In elements, from the storage's start. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A stretch of typed memory that tensors may share. */
export interface TorchStorage {
  readonly kind: 'storage';
  readonly dtype: DType;
  readonly key: string;
  /** In elements. */
  readonly length: number;
  /** In elements, where the old format makes this a view of the storage so named. */
  readonly start: number;
}

/** What stands for a known object that holds no weights (`argparse.Namespace` and the like). */
interface Inert {
  readonly kind: 'inert';
  readonly name: string;
}

// Found beside state dicts in training checkpoints. They are remembered as names and never looked into.
const inertNames = new Set([
  'argparse.Namespace',
  'collections.defaultdict',
  'numpy.core.multiarray.scalar',
  'numpy._core.multiarray.scalar',
  'numpy.dtype',
  '_codecs.encode',
  'torch.device',
  'torch.Size',
]);

/** The whole list of names a checkpoint may call, each with what it means here. */
export const torchHost: PickleHost = {
  call: (name, args) => {
    switch (name) {
      case 'collections.OrderedDict':
        return new Map();
      case 'torch._utils._rebuild_tensor':
      case 'torch._utils._rebuild_tensor_v2':
        return tensorOf(args);
      case 'torch._utils._rebuild_parameter':
      case 'torch._utils._rebuild_parameter_with_state':
        return args[0] ?? null;
      case 'torch._tensor._rebuild_from_type_v2':
        return tensorWithAttributes(args);
      default:
        if (inertNames.has(name)) return { kind: 'inert', name } satisfies Inert;
        throw new WeightsError(
          'forbidden',
          `the file asks for '${name}', which is not among the names allowed: save the state_dict() alone`,
        );
    }
  },
  persistent: (id) => storageOf(id),
};

/** `(function, class, arguments, attributes)`, of a tensor or parameter that somebody gave attributes: these are left out. */
function tensorWithAttributes([made, , args]: readonly PickleValue[]): PickleValue {
  const name = isObject(made) && made.kind === 'global' ? (made as { name?: string }).name : undefined;
  if (!Array.isArray(args)) throw new WeightsError('malformed', 'a tensor with attributes and no arguments');
  switch (name) {
    case 'torch._utils._rebuild_tensor_v2':
      return tensorOf(args as readonly PickleValue[]);
    case 'torch._utils._rebuild_parameter':
      return (args as readonly PickleValue[])[0] ?? null;
    default:
      throw new WeightsError('forbidden', `a tensor that '${name ?? 'what is no name'}' would make`);
  }
}

function tensorOf([storage, offset, shape, strides]: readonly PickleValue[]): TorchTensor {
  if (
    !isObject(storage) ||
    storage.kind !== 'storage' ||
    !isCount(offset) ||
    !isCounts(shape) ||
    !isCounts(strides)
  )
    throw new WeightsError('malformed', 'a tensor whose storage, offset, size or stride is not one');
  if (shape.length !== strides.length)
    throw new WeightsError('malformed', `a tensor of ${shape.length} sizes and ${strides.length} strides`);
  return { kind: 'tensor', storage: storage as TorchStorage, offset, shape, strides };
}

/** `('storage', type, key, location, length)`, in the old format followed by `(view key, start, length)` or None. */
function storageOf(id: PickleValue): TorchStorage {
  const [tag, type, key, , length, view] = Array.isArray(id) ? (id as readonly PickleValue[]) : [];
  if (
    tag !== 'storage' ||
    !isObject(type) ||
    type.kind !== 'global' ||
    typeof key !== 'string' ||
    !isCount(length)
  )
    throw new WeightsError('malformed', 'a persistent id that is no storage');
  const name = (type as { name?: string }).name ?? '';
  const dtype = typeOfStorage(name);
  if (dtype === undefined) throw new WeightsError('forbidden', `storages of type '${name}' are not read`);
  if (!Array.isArray(view)) return { kind: 'storage', dtype, key, length, start: 0 };
  const [, start, viewLength] = view as readonly PickleValue[];
  if (!isCount(start) || !isCount(viewLength))
    throw new WeightsError('malformed', 'a view without its range');
  return { kind: 'storage', dtype, key, length: viewLength, start };
}

function isCount(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: PickleValue | undefined): value is readonly number[] {
  return (
    Array.isArray(value) && value.length <= mostAxes && value.every((side: PickleValue) => isCount(side))
  );
}

/**
 * A tensor as it is in the file: what is loaded are its own contiguous bytes, gathered out of its part of the storage. A
 * tensor of more elements than its storage (one expanded with stride 0) is refused: a small file must not ask for a large
 * memory.
 */
export function placeTensor(
  name: string,
  tensor: TorchTensor,
  place: { readonly file: ByteSource; readonly range: ByteRange },
): StoredTensor {
  const { file, range } = place;
  const { storage, offset, shape, strides } = tensor;
  const { dtype } = storage;
  const size = bytesPerElement[dtype];
  const count = elementCount(shape);
  if (count > storage.length) throw new WeightsError('too-large', `'${name}' repeats its storage`);
  const last = shape.reduce((sum, side, axis) => sum + (side - 1) * strides[axis]!, offset);
  const beyond = (storage.start + storage.length) * size > range.end - range.begin;
  if (count > 0 && (last >= storage.length || beyond))
    throw new WeightsError('truncated', `'${name}' reaches beyond its storage`);
  const begin = range.begin + (storage.start + offset) * size;
  const end = count === 0 ? begin : range.begin + (storage.start + last + 1) * size;
  return {
    dtype,
    shape,
    load: async () => {
      const bytes = count === 0 ? new Uint8Array() : await file.read(begin, end);
      return { dtype, shape, bytes: isContiguous(shape, strides) ? bytes : gathered(bytes, tensor) };
    },
  };
}

/** Elements that lie apart, in the order of the shape. `part` begins with the tensor's first element. */
function gathered(part: Uint8Array, { storage, shape, strides }: TorchTensor): Uint8Array {
  const size = bytesPerElement[storage.dtype];
  const count = elementCount(shape);
  const bytes = new Uint8Array(count * size);
  const index = shape.map(() => 0);
  for (let target = 0; target < count; target += 1) {
    const source = index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0);
    bytes.set(part.subarray(source * size, (source + 1) * size), target * size);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return bytes;
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}
