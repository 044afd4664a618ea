import type { ByteSource } from '../../vision/weights/byte-source.ts';
import type { WeightsFailure } from '../../vision/weights/failure.ts';
import type { RawTensors } from '../../vision/weights/raw-tensor.ts';
import { readSafetensors } from '../../vision/weights/safetensors.ts';
import { loadTensors, type StoredTensors } from '../../vision/weights/stored-tensor.ts';
import { readTorchFile } from '../../vision/weights/torch-file.ts';

/** A file that lies in memory. Ranges beyond its end are a mistake of the reader. */
export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (begin, end) => {
      if (begin < 0 || begin > end || end > bytes.length) throw new RangeError(`bytes ${begin} to ${end}`);
      return Promise.resolve(bytes.slice(begin, end));
    },
  };
}

export interface LoadedWeights {
  readonly kind: 'read';
  readonly tensors: RawTensors;
  readonly metadata?: { readonly [key: string]: string };
}

/** `readSafetensors` of bytes, with every tensor loaded. */
export async function safetensorsOf(bytes: Uint8Array): Promise<LoadedWeights | WeightsFailure> {
  return await loaded(await readSafetensors(bytesInMemory(bytes)));
}

/** `readTorchFile` of bytes, with every tensor loaded. */
export async function torchFileOf(bytes: Uint8Array): Promise<LoadedWeights | WeightsFailure> {
  return await loaded(await readTorchFile(bytesInMemory(bytes)));
}

async function loaded(
  read: { readonly kind: 'read'; readonly tensors: StoredTensors } | WeightsFailure,
): Promise<LoadedWeights | WeightsFailure> {
  return read.kind === 'read' ? { ...read, tensors: await loadTensors(read.tensors) } : read;
}

/** Tensors in memory, as a file would offer them. */
export function asStored(tensors: RawTensors): StoredTensors {
  return new Map(
    [...tensors].map(([name, tensor]) => [name, { ...tensor, load: () => Promise.resolve(tensor) }]),
  );
}

/** A whole safetensors file, put together apart from the code that writes them. */
export function safetensorsBytes(
  tensors: RawTensors,
  metadata?: { readonly [key: string]: string },
): Uint8Array {
  const header = Object.create(null) as { [name: string]: unknown };
  if (metadata !== undefined) header['__metadata__'] = metadata;
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(headerBytes), true);
  const padding = new Uint8Array(headerBytes - json.length).fill(0x20);
  return Buffer.concat([length, json, padding, ...[...tensors.values()].map(({ bytes }) => bytes)]);
}
