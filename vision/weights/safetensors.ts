import { caught, WeightsError, type WeightsFailure } from './failure.ts';
import {
  bytesPerElement,
  elementCount,
  mostAxes,
  type DType,
  type RawTensor,
  type RawTensors,
} from './raw-tensor.ts';

/**
 * The safetensors format: 8 bytes with the header's length, a JSON header naming each tensor's type, shape and byte
 * range, then the bytes. Files come from anywhere, so every number of the header is checked before it is used.
 */
export function readSafetensors(file: Uint8Array): SafetensorsResult | WeightsFailure {
  return caught(() => read(file));
}

export interface SafetensorsResult {
  readonly kind: 'read';
  /** In file order. Their bytes are views of the file, not copies. */
  readonly tensors: RawTensors;
  readonly metadata: { readonly [key: string]: string };
}

// The format's own limit; larger headers are refused by other readers too.
const maxHeaderBytes = 100_000_000;
/** A tensor's entry has three. */
const mostMarks = 6_000_000;

function read(file: Uint8Array): SafetensorsResult {
  if (file.length < 8) throw new WeightsError('truncated', `${file.length} bytes hold no header length`);
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > maxHeaderBytes)
    throw new WeightsError('too-large', `a header of ${length} bytes is announced`);
  const start = 8 + Number(length);
  if (start > file.length)
    throw new WeightsError('truncated', `the header ends at byte ${start}, the file at ${file.length}`);
  const header = parseHeader(file.subarray(8, start));
  const data = file.subarray(start);

  const placed: { name: string; begin: number; end: number; tensor: RawTensor }[] = [];
  let metadata: { readonly [key: string]: string } = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = metadataOf(value);
    else placed.push(placedTensor(name, value, data));
  }
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  // The ranges must tile the data: no gaps to hide bytes in, no overlaps.
  let end = 0;
  for (const tensor of placed) {
    if (tensor.begin !== end)
      throw new WeightsError('malformed', `'${tensor.name}' begins at ${tensor.begin}, expected ${end}`);
    end = tensor.end;
  }
  if (end !== data.length)
    throw new WeightsError('malformed', `${data.length - end} bytes after the last tensor`);
  return { kind: 'read', tensors: new Map(placed.map(({ name, tensor }) => [name, tensor])), metadata };
}

function parseHeader(bytes: Uint8Array): { readonly [name: string]: unknown } {
  let header: unknown;
  const marks = marksIn(bytes);
  if (marks > mostMarks)
    throw new WeightsError('too-large', `a header of more than ${mostMarks} lists and objects`);
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new WeightsError('malformed', `the header is not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(header)) throw new WeightsError('malformed', 'the header is not an object');
  return header;
}

/** How many lists and objects are opened, in texts too: each costs far more memory than its byte. */
function marksIn(bytes: Uint8Array): number {
  let marks = 0;
  for (const byte of bytes) if (byte === 0x5b || byte === 0x7b) marks += 1;
  return marks;
}

function metadataOf(value: unknown): { readonly [key: string]: string } {
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string'))
    throw new WeightsError('malformed', "'__metadata__' is not a mapping of texts");
  return value as { readonly [key: string]: string };
}

function placedTensor(
  name: string,
  value: unknown,
  data: Uint8Array,
): { name: string; begin: number; end: number; tensor: RawTensor } {
  if (!isRecord(value)) throw new WeightsError('malformed', `'${name}' is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesPerElement, dtype))
    throw new WeightsError(
      'malformed',
      `'${name}' has an unknown type${typeof dtype === 'string' ? `: ${dtype}` : ''}`,
    );
  if (!isWholeNumbers(shape))
    throw new WeightsError('malformed', `'${name}' has a shape that is no list of at most ${mostAxes} sizes`);
  if (!isWholeNumbers(offsets) || offsets.length !== 2)
    throw new WeightsError('malformed', `'${name}' has no byte range`);
  const [begin, end] = offsets as [number, number];
  const bytes = elementCount(shape) * bytesPerElement[dtype as DType];
  if (end - begin !== bytes)
    throw new WeightsError('malformed', `'${name}' needs ${bytes} bytes, its range has ${end - begin}`);
  if (end > data.length)
    throw new WeightsError('truncated', `'${name}' ends at ${end}, the data at ${data.length}`);
  return { name, begin, end, tensor: { dtype: dtype as DType, shape, bytes: data.subarray(begin, end) } };
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWholeNumbers(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length <= mostAxes &&
    value.every((side) => Number.isSafeInteger(side) && (side as number) >= 0)
  );
}

/** A safetensors file. The same tensors in the same order give the same bytes; the data starts 8-byte aligned. */
export function writeSafetensors(
  tensors: RawTensors,
  metadata?: { readonly [key: string]: string },
): Uint8Array {
  // Without a prototype, so that a tensor may be called `__proto__`.
  const header = Object.create(null) as { [name: string]: unknown };
  if (metadata !== undefined) header['__metadata__'] = metadata;
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + bytes.length] };
    end += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes).set(json, 8);
  let offset = 8 + headerBytes;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, offset);
    offset += bytes.length;
  }
  return file;
}
