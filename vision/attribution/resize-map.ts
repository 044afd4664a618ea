/** One map, row by row. */
export interface PlaneMap {
  readonly height: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
}

interface TargetSize {
  readonly height: number;
  readonly width: number;
}

/** Bilinear with half-pixel centres, edges repeated (OpenCV's and PyTorch's rule without aligned corners), in float64. */
export function resizeBilinear(map: PlaneMap, { height, width }: TargetSize): Float64Array {
  const rows = taps(map.height, height);
  const columns = taps(map.width, width);
  const out = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const { low: top, high: bottom, share: down } = rows[y]!;
    for (let x = 0; x < width; x++) {
      const { low: left, high: right, share: across } = columns[x]!;
      const upper = mix(map.data[top * map.width + left]!, map.data[top * map.width + right]!, across);
      const lower = mix(map.data[bottom * map.width + left]!, map.data[bottom * map.width + right]!, across);
      out[y * width + x] = mix(upper, lower, down);
    }
  }
  return out;
}

/** PyTorch's `nearest`: output i takes input floor(i * input / output). */
export function resizeNearest(map: PlaneMap, { height, width }: TargetSize): Float64Array {
  const out = new Float64Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * map.height) / height) * map.width;
    for (let x = 0; x < width; x++) {
      out[y * width + x] = map.data[row + Math.floor((x * map.width) / width)]!;
    }
  }
  return out;
}

interface Tap {
  readonly low: number;
  readonly high: number;
  /** Weight of `high`. */
  readonly share: number;
}

function taps(from: number, to: number): readonly Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.min(Math.floor(place), from - 1);
    return { low, high: Math.min(low + 1, from - 1), share: place - low };
  });
}

function mix(a: number, b: number, share: number): number {
  return a + share * (b - a);
}
