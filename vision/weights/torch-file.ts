import { WeightsError, type WeightsFailure } from './failure.ts';
import { isObject, type PickleValue } from './pickle-value.ts';
import { bytesPerElement, elementCount, type RawTensor, type RawTensors } from './raw-tensor.ts';
import { readLegacyTorch } from './torch-legacy.ts';
import { tensorBytes, type TorchArchive, type TorchTensor } from './torch-tensors.ts';
import { readZipTorch } from './torch-zip.ts';

/**
 * The state dict of a `.pth` or `.th` file, in either of PyTorch's formats (a zip, or the older sequence of pickles).
 * Found at the top, or under `state_dict`, `model` or `model_state_dict`; values that are not tensors are left out.
 * Nothing of the file is executed.
 */
export async function readTorchFile(file: Uint8Array): Promise<TorchFileResult | WeightsFailure> {
  try {
    const isZip = file.length > 4 && file[0] === 0x50 && file[1] === 0x4b;
    const archive = isZip ? await readZipTorch(file) : readLegacyTorch(file);
    return { kind: 'read', tensors: tensorsOf(stateDictOf(archive.value), archive, file.length) };
  } catch (error) {
    if (error instanceof WeightsError) return error.failure;
    throw error;
  }
}

export interface TorchFileResult {
  readonly kind: 'read';
  readonly tensors: RawTensors;
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
  fileBytes: number,
): RawTensors {
  const tensors = new Map<string, RawTensor>();
  // Tensors may share storages, but a file cannot ask for many times its own size.
  let budget = 4 * fileBytes;
  for (const [name, value] of dict) {
    if (typeof name !== 'string' || !isTensor(value)) continue;
    budget -= elementCount(value.shape) * bytesPerElement[value.storage.dtype];
    if (budget < 0) throw new WeightsError('too-large', 'the tensors are far larger than the file');
    tensors.set(name, tensorBytes(name, value, archive.bytesOf(value.storage)));
  }
  if (tensors.size === 0) throw new WeightsError('no-state-dict', 'the file names no tensors');
  return tensors;
}

function isTensor(value: PickleValue): value is TorchTensor {
  return isObject(value) && value.kind === 'tensor';
}
