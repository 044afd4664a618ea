import type { ByteSource } from './byte-source.ts';
import { caught, WeightsError, type WeightsFailure } from './failure.ts';
import { isObject, type PickleValue } from './pickle-value.ts';
import { bytesPerElement, elementCount } from './raw-tensor.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';
import { readLegacyTorch } from './torch-legacy.ts';
import { placeTensor, type TorchArchive, type TorchTensor } from './torch-tensors.ts';
import { readZipTorch } from './torch-zip.ts';

/**
 * The state dict of a `.pth` or `.th` file, in either of PyTorch's formats (a zip, or the older sequence of pickles).
 * Found at the top, or under `state_dict`, `model` or `model_state_dict`; values that are not tensors are left out.
 * Nothing of the file is executed, and the bytes of a tensor are read when it is loaded.
 */
export function readTorchFile(file: ByteSource): Promise<TorchFileResult | WeightsFailure> {
  return caught(async () => {
    const [first, second] = await file.read(0, Math.min(2, file.size));
    const isZip = file.size > 4 && first === 0x50 && second === 0x4b;
    const archive = isZip ? await readZipTorch(file) : await readLegacyTorch(file);
    return { kind: 'read', tensors: tensorsOf(stateDictOf(archive.value), archive, file) };
  });
}

export interface TorchFileResult {
  readonly kind: 'read';
  readonly tensors: StoredTensors;
}

const wrappers = ['state_dict', 'model', 'model_state_dict'];

function stateDictOf(value: PickleValue): ReadonlyMap<PickleValue, PickleValue> {
  if (!(value instanceof Map))
    throw new WeightsError('no-state-dict', 'the file holds no mapping of names to tensors');
  for (const wrapper of wrappers) {
    const inner = value.get(wrapper);
    if (inner instanceof Map) return inner;
  }
  return value;
}

function tensorsOf(
  dict: ReadonlyMap<PickleValue, PickleValue>,
  archive: TorchArchive,
  file: ByteSource,
): StoredTensors {
  const tensors = new Map<string, StoredTensor>();
  // Tensors may share storages, but a file cannot ask for many times its own size.
  let budget = 4 * file.size;
  for (const [name, value] of dict) {
    if (typeof name !== 'string' || !isTensor(value)) continue;
    budget -= elementCount(value.shape) * bytesPerElement[value.storage.dtype];
    if (budget < 0) throw new WeightsError('too-large', 'the tensors are far larger than the file');
    tensors.set(name, placeTensor(name, value, { file, range: archive.rangeOf(value.storage) }));
  }
  if (tensors.size === 0) throw new WeightsError('no-state-dict', 'the file names no tensors');
  return tensors;
}

function isTensor(value: PickleValue): value is TorchTensor {
  return isObject(value) && value.kind === 'tensor';
}
