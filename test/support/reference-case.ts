import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { repositoryRoot, sharedDir } from './shared.ts';

/** A tensor of a reference file, in PyTorch's layout. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | BigInt64Array;
}

/** Where a reference file lies: in `test/fixtures` where it is small, else beside the repository; else undefined. */
export function referencePath(name: string): string | undefined {
  const shared = sharedDir();
  const places = [resolve(repositoryRoot, 'test/fixtures', name)];
  if (shared !== undefined) places.push(resolve(shared, 'fixtures', name));
  return places.find((place) => existsSync(place));
}

/** The JSON half of a reference case. The caller states its type. */
export function referenceJson(name: string): unknown {
  return JSON.parse(readFileSync(located(name), 'utf8'));
}

/** The tensors of a reference case, read without the code under test. */
export function referenceTensors(name: string): ReadonlyMap<string, ReferenceTensor> {
  const bytes = readFileSync(located(name));
  const headerSize = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerSize)) as Header;
  const body = bytes.subarray(8 + headerSize);
  return new Map(
    Object.entries(header)
      .filter(([key]) => key !== '__metadata__')
      .map(
        ([
          key,
          {
            dtype,
            shape,
            data_offsets: [from, to],
          },
        ]) => [key, { shape, data: typed(dtype, Uint8Array.from(body.subarray(from, to))) }],
      ),
  );
}

/** The float32 data of one tensor of a case. */
export function floats(tensors: ReadonlyMap<string, ReferenceTensor>, key: string): Float32Array {
  const data = tensors.get(key)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`no float32 tensor ${key}`);
  return data;
}

/** The bytes of one U8 tensor of a case. */
export function bytesOf(tensors: ReadonlyMap<string, ReferenceTensor>, key: string): Uint8Array {
  const data = tensors.get(key)?.data;
  if (!(data instanceof Uint8Array)) throw new Error(`no byte tensor ${key}`);
  return data;
}

interface Header {
  readonly [key: string]: {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly data_offsets: readonly [number, number];
  };
}

function typed(dtype: string, bytes: Uint8Array): ReferenceTensor['data'] {
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes.buffer);
    case 'I64':
      return new BigInt64Array(bytes.buffer);
    case 'U8':
      return bytes;
    default:
      throw new Error(`reference tensors of type ${dtype} are not read here`);
  }
}

function located(name: string): string {
  const path = referencePath(name);
  if (path === undefined) throw new Error(`reference file ${name} is not on this machine`);
  return path;
}
