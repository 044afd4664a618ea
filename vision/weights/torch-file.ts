import type { ByteSource } from './byte-source.ts';
import { caught, WeightsError, type WeightsFailure } from './failure.ts';
import type { PickleValue } from './pickle-value.ts';
import { bytesPerElement, elementCount } from './raw-tensor.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';
import { readLegacyTorch } from './torch-legacy.ts';
import { placeTensor, type TorchArchive } from './torch-tensors.ts';
import { isTensor, stateDictIn } from './torch-wrappers.ts';
import { readZipTorch } from './torch-zip.ts';

/**
 * The state dict of a `.pth` or `.th` file, in either of PyTorch's formats (a zip, or the older sequence of pickles), found
 * as `stateDictIn` says; values that are not tensors are left out. Nothing of the file is executed, and the bytes of a
 * tensor are read when it is loaded.
 */
export function readTorchFile(file: ByteSource, key?: string): Promise<TorchFileResult | WeightsFailure> {
  return caught(async () => {
    const [first, second] = await file.read(0, Math.min(2, file.size));
    const isZip = file.size > 4 && first === 0x50 && second === 0x4b;
    const archive = isZip ? await readZipTorch(file) : await readLegacyTorch(file);
    const { dict, ...found } = stateDictIn(archive.value, key);
    return { kind: 'read', tensors: tensorsOf(dict, archive, file), ...found };
  });
}

export interface TorchFileResult {
  readonly kind: 'read';
  readonly tensors: StoredTensors;
  /** Under which key of a training checkpoint they lie; undefined: the file is the state dict. */
  readonly key: string | undefined;
  /** Other keys under which tensors lie. */
  readonly others: readonly string[];
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
