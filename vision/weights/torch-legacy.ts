import { WeightsError } from './failure.ts';
import { readPickle } from './pickle.ts';
import { bytesPerElement } from './raw-tensor.ts';
import { torchHost, type TorchArchive, type TorchStorage } from './torch-tensors.ts';

// The number that torch.save writes first, and the version of the layout that follows.
const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

/**
 * The format of torch.save before 1.6: pickles of a magic number, a version, facts of the machine, the value, and the
 * list of storage keys; then for each key its length (int64) and its bytes.
 */
export function readLegacyTorch(file: Uint8Array): TorchArchive {
  if (file[0] !== 0x80) throw new WeightsError('unknown-format', 'neither a zip nor a pickle');
  const first = readPickle(file, 0, torchHost);
  if (first.value !== magic) throw new WeightsError('unknown-format', 'a pickle, but not one of torch.save');
  const version = readPickle(file, first.end, torchHost);
  if (version.value !== protocol)
    throw new WeightsError('unknown-format', `torch.save's format is not ${protocol}`);
  const machine = readPickle(file, version.end, torchHost);
  if (machine.value instanceof Map && machine.value.get('little_endian') === false)
    throw new WeightsError('unknown-format', 'a file of a big-endian machine');

  const lengths = new Map<string, TorchStorage>();
  const value = readPickle(file, machine.end, {
    call: torchHost.call,
    persistent: (id) => {
      const storage = torchHost.persistent(id) as TorchStorage;
      lengths.set(storage.key, storage);
      return storage;
    },
  });
  const keys = readPickle(file, value.end, torchHost);
  if (!Array.isArray(keys.value)) throw new WeightsError('malformed', 'the list of storages is missing');
  const storages = placeStorages(file, keys.end, keys.value as readonly unknown[], lengths);
  return {
    value: value.value,
    bytesOf: ({ key }) => {
      const bytes = storages.get(key);
      if (bytes === undefined) throw new WeightsError('truncated', `the storage '${key}' is not in the file`);
      return bytes;
    },
  };
}

function placeStorages(
  file: Uint8Array,
  start: number,
  keys: readonly unknown[],
  known: ReadonlyMap<string, TorchStorage>,
): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const storages = new Map<string, Uint8Array>();
  let position = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? known.get(key) : undefined;
    if (storage === undefined)
      throw new WeightsError(
        'malformed',
        `a storage ${typeof key === 'string' ? `'${key}'` : 'without a name'} that nothing uses`,
      );
    if (position + 8 > file.length)
      throw new WeightsError('truncated', `the file ends before storage '${storage.key}'`);
    const length = view.getBigInt64(position, true);
    const begin = position + 8;
    const end = begin + Number(length) * bytesPerElement[storage.dtype];
    if (length < 0n || end > file.length)
      throw new WeightsError(
        'truncated',
        `the storage '${storage.key}' ends at ${end}, the file at ${file.length}`,
      );
    storages.set(storage.key, file.subarray(begin, end));
    position = end;
  }
  return storages;
}
