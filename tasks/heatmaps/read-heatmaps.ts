import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Heatmap } from '../../vision/localisation/heatmap.ts';
import { readSafetensorsHeader } from '../types/safetensors-header.ts';
import { fromHalf } from './half.ts';
import { heatmapsFiles, readHeatmapsFile } from './heatmaps-file.ts';
import type { HeatmapsFile } from './heatmaps-file.ts';

/** A `heatmaps` artifact, read map by map. */
export interface OpenHeatmaps extends AsyncDisposable {
  readonly file: HeatmapsFile;
  map(index: number): Promise<Heatmap>;
}

export async function openHeatmaps(dir: string): Promise<OpenHeatmaps> {
  const file = await readHeatmapsFile(dir);
  const path = join(dir, heatmapsFiles.maps);
  const { tensors, dataAt } = await readSafetensorsHeader(path);
  const { dtype, shape } = tensors[heatmapsFiles.tensor]!;
  const [, channels = 0, height = 0, width = 0] = shape;
  const values = channels * height * width;
  const bytes = values * (dtype === 'F16' ? 2 : 4);
  const handle = await open(path);
  return {
    file,
    map: async (index) => {
      const buffer = new ArrayBuffer(bytes);
      const { bytesRead } = await handle.read(new Uint8Array(buffer), 0, bytes, dataAt + index * bytes);
      if (bytesRead !== bytes) throw new RangeError(`heatmap ${index} lies beyond the file's end`);
      const data =
        dtype === 'F16' ? Float32Array.from(new Uint16Array(buffer), fromHalf) : new Float32Array(buffer);
      return { channels, height, width, data };
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
