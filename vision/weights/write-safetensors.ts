import { open } from 'node:fs/promises';
import { bytesPerElement, elementCount, type RawTensor } from './raw-tensor.ts';
import type { StoredTensor } from './stored-tensor.ts';

/** By name, in the order of the file; those that lie in memory, and those that are loaded when their turn comes. */
export type TensorsToWrite = ReadonlyMap<string, RawTensor | StoredTensor>;

/**
 * Writes a new safetensors file, one tensor after the other. The same tensors in the same order give the same bytes; the
 * data starts 8-byte aligned.
 */
export async function writeSafetensors(
  path: string,
  tensors: TensorsToWrite,
  metadata?: { readonly [key: string]: string },
): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(headerOf(tensors, metadata));
  for (const [name, tensor] of tensors) {
    const { bytes } = 'bytes' in tensor ? tensor : await tensor.load();
    if (bytes.length !== byteLength(tensor)) throw new Error(`'${name}' is of ${bytes.length} bytes`);
    await file.writeFile(bytes);
  }
}

/** What stands before the data: its own length, and where each tensor is. */
function headerOf(
  tensors: TensorsToWrite,
  metadata: { readonly [key: string]: string } | undefined,
): Uint8Array {
  // Without a prototype, so that a tensor may be called `__proto__`.
  const header = Object.create(null) as { [name: string]: unknown };
  if (metadata !== undefined) header['__metadata__'] = metadata;
  let end = 0;
  for (const [name, tensor] of tensors) {
    const { dtype, shape } = tensor;
    const begin = end;
    end += byteLength(tensor);
    header[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, 8);
  return bytes;
}

function byteLength({ dtype, shape }: Pick<RawTensor, 'dtype' | 'shape'>): number {
  return elementCount(shape) * bytesPerElement[dtype];
}
