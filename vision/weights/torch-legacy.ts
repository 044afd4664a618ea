import type { ByteSource } from './byte-source.ts';
import { WeightsError } from './failure.ts';
import { largestPickleBytes, readPickle } from './pickle.ts';
import type { PickleValue } from './pickle-value.ts';
import { bytesPerElement } from './raw-tensor.ts';
import { torchHost, type ByteRange, type TorchArchive, type TorchStorage } from './torch-tensors.ts';

// The number that torch.save writes first, and the version of the layout that follows.
const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

/**
 * The format of torch.save before 1.6: pickles of a magic number, a version, facts of the machine, the value, and the
 * list of storage keys; then for each key its length (int64) and its bytes.
 */
export async function readLegacyTorch(file: ByteSource): Promise<TorchArchive> {
  const { value, keys, end, used } = await readPickles(file);
  if (!Array.isArray(keys)) throw new WeightsError('malformed', 'the list of storages is missing');
  const storages = await placeStorages(file, end, keys as readonly unknown[], used);
  return {
    value,
    rangeOf: ({ key }) => {
      const range = storages.get(key);
      if (range === undefined) throw new WeightsError('truncated', `the storage '${key}' is not in the file`);
      return range;
    },
  };
}

interface Pickles {
  readonly value: PickleValue;
  readonly keys: PickleValue;
  /** Where the storages begin. */
  readonly end: number;
  /** The storages that the value uses, by key. */
  readonly used: ReadonlyMap<string, TorchStorage>;
}

/** How much of a file is looked at first: nothing tells beforehand how long the pickles are. */
const firstWindow = 2 ** 20;

/** Reads on from the start where the pickles turn out to be longer than what has been read of the file. */
async function readPickles(file: ByteSource): Promise<Pickles> {
  for (let window = firstWindow; ; window *= 4) {
    const bytes = await file.read(0, Math.min(window, file.size));
    try {
      return parsePickles(bytes);
    } catch (error) {
      const isCut = error instanceof WeightsError && error.failure.reason === 'truncated';
      if (!isCut || bytes.length === file.size) throw error;
      if (bytes.length >= largestPickleBytes)
        throw new WeightsError('too-large', `pickles of more than ${largestPickleBytes} bytes`);
    }
  }
}

function parsePickles(bytes: Uint8Array): Pickles {
  if (bytes[0] !== 0x80) throw new WeightsError('unknown-format', 'neither a zip nor a pickle');
  const first = readPickle(bytes, 0, torchHost);
  if (first.value !== magic) throw new WeightsError('unknown-format', 'a pickle, but not one of torch.save');
  const version = readPickle(bytes, first.end, torchHost);
  if (version.value !== protocol)
    throw new WeightsError('unknown-format', `torch.save's format is not ${protocol}`);
  const machine = readPickle(bytes, version.end, torchHost);
  if (machine.value instanceof Map && machine.value.get('little_endian') === false)
    throw new WeightsError('unknown-format', 'a file of a big-endian machine');

  const used = new Map<string, TorchStorage>();
  const value = readPickle(bytes, machine.end, {
    call: torchHost.call,
    persistent: (id) => {
      const storage = torchHost.persistent(id) as TorchStorage;
      used.set(storage.key, storage);
      return storage;
    },
  });
  const keys = readPickle(bytes, value.end, torchHost);
  return { value: value.value, keys: keys.value, end: keys.end, used };
}

async function placeStorages(
  file: ByteSource,
  start: number,
  keys: readonly unknown[],
  known: ReadonlyMap<string, TorchStorage>,
): Promise<ReadonlyMap<string, ByteRange>> {
  const storages = new Map<string, ByteRange>();
  let position = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? known.get(key) : undefined;
    if (storage === undefined)
      throw new WeightsError(
        'malformed',
        `a storage ${typeof key === 'string' ? `'${key}'` : 'without a name'} that nothing uses`,
      );
    const begin = position + 8;
    if (begin > file.size)
      throw new WeightsError('truncated', `the file ends before storage '${storage.key}'`);
    const said = await file.read(position, begin);
    const length = new DataView(said.buffer, said.byteOffset).getBigInt64(0, true);
    const end = begin + Number(length) * bytesPerElement[storage.dtype];
    if (length < 0n || end > file.size)
      throw new WeightsError(
        'truncated',
        `the storage '${storage.key}' ends at ${end}, the file at ${file.size}`,
      );
    storages.set(storage.key, { begin, end });
    position = end;
  }
  return storages;
}
