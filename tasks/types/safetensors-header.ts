import { open } from 'node:fs/promises';

/** What a safetensors file says of itself, without its data. */
export interface SafetensorsHeader {
  readonly tensors: { readonly [name: string]: TensorEntry };
  /** Where the data begins. */
  readonly dataAt: number;
  readonly fileBytes: number;
}

interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The format's own limit. */
const largestHeaderBytes = 100_000_000;

/** Reads the header alone: heatmaps of a large data set exceed any buffer. Throws where the file is none. */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const length = Buffer.alloc(8);
    await handle.read(length, 0, 8, 0);
    const headerBytes = Number(length.readBigUInt64LE());
    if (size < 8 || headerBytes > size - 8) throw new Error('the file is shorter than its header says');
    if (headerBytes > largestHeaderBytes) throw new Error(`a header of ${headerBytes} bytes is announced`);
    const json = Buffer.alloc(headerBytes);
    await handle.read(json, 0, headerBytes, 8);
    const { __metadata__: _, ...tensors } = JSON.parse(json.toString('utf8')) as {
      readonly [name: string]: TensorEntry;
    };
    return { tensors, dataAt: 8 + headerBytes, fileBytes: size };
  } finally {
    await handle.close();
  }
}
