import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { toHalf } from './half.ts';
import { heatmapsFiles } from './heatmaps-file.ts';

export interface HeatmapShape {
  readonly images: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export type HeatmapPrecision = 'float32' | 'float16';

/** Writes `heatmaps.safetensors` map by map, so that a data set's maps need not fit into memory. */
export interface HeatmapWriter extends AsyncDisposable {
  /** [n, channels, height, width] for the next n images. */
  append(maps: Float32Array<ArrayBuffer>): Promise<void>;
}

export async function openHeatmapWriter(
  dir: string,
  shape: HeatmapShape,
  precision: HeatmapPrecision,
): Promise<HeatmapWriter> {
  const { images, channels, height, width } = shape;
  const values = images * channels * height * width;
  const bytes = values * (precision === 'float16' ? 2 : 4);
  const handle = await open(join(dir, heatmapsFiles.maps), 'wx');
  await write(handle, header(shape, precision, bytes));
  let written = 0;
  return {
    append: async (maps) => {
      written += maps.length;
      if (written > values) throw new RangeError(`${written} values written, ${values} announced`);
      await write(
        handle,
        precision === 'float16'
          ? halves(maps)
          : new Uint8Array(maps.buffer, maps.byteOffset, maps.byteLength),
      );
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

function header(
  { images, channels, height, width }: HeatmapShape,
  precision: HeatmapPrecision,
  bytes: number,
): Uint8Array {
  const dtype = precision === 'float16' ? 'F16' : 'F32';
  const entry = { dtype, shape: [images, channels, height, width], data_offsets: [0, bytes] };
  const json = Buffer.from(JSON.stringify({ [heatmapsFiles.tensor]: entry }));
  // Padded with spaces, so that the data starts at a multiple of 8 bytes.
  const length = Math.ceil(json.length / 8) * 8;
  const out = Buffer.alloc(8 + length, ' ');
  out.writeBigUInt64LE(BigInt(length));
  json.copy(out, 8);
  return out;
}

async function write(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

function halves(values: Float32Array): Uint8Array {
  return new Uint8Array(Uint16Array.from(values, toHalf).buffer);
}
