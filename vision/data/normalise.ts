import type { Preprocessing } from '../models/model-entry.ts';
import { emptyPixelMemory } from './kernels/pixel-memory.ts';
import type { Raster } from './raster.ts';

export interface NormaliseRequest {
  readonly image: Raster;
  readonly preprocessing: Pick<Preprocessing, 'mean' | 'std'>;
  readonly out: Float32Array;
  /** Index in `out` of the image's first value. */
  readonly at: number;
}

/** Writes (x / 255 - mean) / std of each channel, with every step rounded to float32 as PyTorch does. */
export function normalise({ image, preprocessing, out, at }: NormaliseRequest): void {
  const count = image.data.length;
  if (count === 0) return;
  const memory = emptyPixelMemory();
  const source = memory.place(image.data);
  const table = memory.place(levels(preprocessing));
  const target = memory.room(count * Float32Array.BYTES_PER_ELEMENT);
  memory.kernels.normalise(source, source + count, table, target);
  out.set(memory.floats(target, count), at);
}

/** The normalised value of each level of each channel, [3, 256]. */
function levels({ mean, std }: Pick<Preprocessing, 'mean' | 'std'>): Float32Array {
  const table = new Float32Array(3 * 256);
  for (let channel = 0; channel < 3; channel += 1) {
    const [centre, spread] = [Math.fround(mean[channel]!), Math.fround(std[channel]!)];
    for (let level = 0; level < 256; level += 1)
      table[channel * 256 + level] = Math.fround(Math.fround(level / 255) - centre) / spread;
  }
  return table;
}
