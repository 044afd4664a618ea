import type { ByteSource } from './byte-source.ts';
import { caught, WeightsError, type WeightsFailure } from './failure.ts';
import { bytesPerElement, elementCount, mostAxes, type DType } from './raw-tensor.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';

/**
 * The safetensors format: 8 bytes with the header's length, a JSON header naming each tensor's type, shape and byte
 * range, then the bytes. Files come from anywhere, so every number of the header is checked before it is used. The bytes
 * of a tensor are read when it is loaded.
 */
export function readSafetensors(file: ByteSource): Promise<SafetensorsResult | WeightsFailure> {
  return caught(() => read(file));
}

export interface SafetensorsResult {
  readonly kind: 'read';
  /** In file order. */
  readonly tensors: StoredTensors;
  readonly metadata: { readonly [key: string]: string };
}

// The format's own limit; larger headers are refused by other readers too.
const maxHeaderBytes = 100_000_000;
/** A tensor's entry has three. */
const mostMarks = 6_000_000;

async function read(file: ByteSource): Promise<SafetensorsResult> {
  if (file.size < 8) throw new WeightsError('truncated', `${file.size} bytes hold no header length`);
  const prefix = await file.read(0, 8);
  const length = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  if (length > maxHeaderBytes)
    throw new WeightsError('too-large', `a header of ${length} bytes is announced`);
  const start = 8 + Number(length);
  if (start > file.size)
    throw new WeightsError('truncated', `the header ends at byte ${start}, the file at ${file.size}`);
  const header = parseHeader(await file.read(8, start));
  const dataBytes = file.size - start;

  const placed: PlacedTensor[] = [];
  let metadata: { readonly [key: string]: string } = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = metadataOf(value);
    else placed.push(placedTensor(name, value, dataBytes));
  }
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  // The ranges must tile the data: no gaps to hide bytes in, no overlaps.
  let end = 0;
  for (const tensor of placed) {
    if (tensor.begin !== end)
      throw new WeightsError('malformed', `'${tensor.name}' begins at ${tensor.begin}, expected ${end}`);
    end = tensor.end;
  }
  if (end !== dataBytes)
    throw new WeightsError('malformed', `${dataBytes - end} bytes after the last tensor`);
  const tensors = new Map(
    placed.map(({ name, dtype, shape, begin, end: last }): [string, StoredTensor] => [
      name,
      {
        dtype,
        shape,
        load: async () => ({ dtype, shape, bytes: await file.read(start + begin, start + last) }),
      },
    ]),
  );
  return { kind: 'read', tensors, metadata };
}

interface PlacedTensor {
  readonly name: string;
  /** Offsets from where the data begins. */
  readonly begin: number;
  readonly end: number;
  readonly dtype: DType;
  readonly shape: readonly number[];
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

function placedTensor(name: string, value: unknown, dataBytes: number): PlacedTensor {
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
  if (end > dataBytes)
    throw new WeightsError('truncated', `'${name}' ends at ${end}, the data at ${dataBytes}`);
  return { name, begin, end, dtype: dtype as DType, shape };
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
