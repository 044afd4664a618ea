import type { Heatmap } from './heatmap.ts';

/** Ways to make one relevance a pixel of several channels (Arras et al. 2022, section 3.2). */
export type Pooling = 'sum,abs' | 'sum,pos' | 'max-norm' | 'l1-norm' | 'l2-norm' | 'l2-norm,sq' | 'min-max';

export const poolings: readonly Pooling[] = [
  'sum,abs',
  'sum,pos',
  'max-norm',
  'l1-norm',
  'l2-norm',
  'l2-norm,sq',
  'min-max',
];

/** What the paper takes: the squared norm for maps with channels, min-max for maps without. */
export function defaultPooling(channels: number): Pooling {
  return channels === 1 ? 'min-max' : 'l2-norm,sq';
}

/**
 * Relevance of each pixel, in float64, never negative.
 *
 * With r_c the channels of a pixel: `sum,abs` |sum r_c|; `sum,pos` max(0, sum r_c); `max-norm` max |r_c|; `l1-norm`
 * sum |r_c|; `l2-norm` sqrt(sum r_c^2); `l2-norm,sq` sum r_c^2. `min-max` takes the first channel, less its minimum, over
 * its range; a constant map becomes zero.
 */
export function poolChannels(heatmap: Heatmap, pooling: Pooling): Float64Array {
  const pixels = heatmap.height * heatmap.width;
  const { data, channels } = heatmap;
  if (pooling === 'min-max') return minMax(Float64Array.from({ length: pixels }, (_, i) => data[i]!));
  const pooled = new Float64Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let signed = 0;
    let absolute = 0;
    let squared = 0;
    let largest = 0;
    for (let channel = 0; channel < channels; channel++) {
      const value = data[channel * pixels + pixel]!;
      const size = Math.abs(value);
      signed += value;
      absolute += size;
      squared += value * value;
      if (size > largest) largest = size;
    }
    pooled[pixel] = pick(pooling, { signed, absolute, squared, largest });
  }
  return pooled;
}

interface ChannelSums {
  readonly signed: number;
  readonly absolute: number;
  readonly squared: number;
  readonly largest: number;
}

function pick(pooling: Exclude<Pooling, 'min-max'>, sums: ChannelSums): number {
  switch (pooling) {
    case 'sum,abs':
      return Math.abs(sums.signed);
    case 'sum,pos':
      return Math.max(0, sums.signed);
    case 'max-norm':
      return sums.largest;
    case 'l1-norm':
      return sums.absolute;
    case 'l2-norm':
      return Math.sqrt(sums.squared);
    case 'l2-norm,sq':
      return sums.squared;
  }
}

function minMax(values: Float64Array): Float64Array {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const range = high - low;
  return values.map((value) => (range > 0 ? (value - low) / range : 0));
}
