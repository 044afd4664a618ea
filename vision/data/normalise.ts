import type { Preprocessing } from '../models/model-entry.ts';
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
  const [red, green, blue] = [0, 1, 2].map((channel) => levels(preprocessing, channel)) as Levels;
  const { data } = image;
  for (let from = 0, to = at; from < data.length; from += 3, to += 3) {
    out[to] = red[data[from]!]!;
    out[to + 1] = green[data[from + 1]!]!;
    out[to + 2] = blue[data[from + 2]!]!;
  }
}

type Levels = [Float32Array, Float32Array, Float32Array];

/** The normalised value of each of the 256 levels of a channel. */
function levels({ mean, std }: Pick<Preprocessing, 'mean' | 'std'>, channel: number): Float32Array {
  const [centre, spread] = [Math.fround(mean[channel]!), Math.fround(std[channel]!)];
  return Float32Array.from({ length: 256 }, (_, level) => {
    return Math.fround(Math.fround(level / 255) - centre) / spread;
  });
}
