/** For each output position: where its source pixels start, how many they are, and their fixed-point weights. */
export interface Taps {
  readonly size: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [size, stride], of 2^22. */
  readonly weights: Int32Array;
  readonly stride: number;
}

export interface TapsRequest {
  /** Pixels of the source. */
  readonly inSize: number;
  readonly size: number;
  readonly interpolation: 'bilinear' | 'bicubic';
}

const one = 2 ** 22;

/** Pillow's antialiased filters along one axis: a triangle, or a cubic (a = -0.5), whose support grows when shrinking. */
export function filterTaps({ inSize, size, interpolation }: TapsRequest): Taps {
  const filter = interpolation === 'bilinear' ? triangle : cubic;
  const scale = inSize / size;
  const filterScale = Math.max(scale, 1);
  const support = (interpolation === 'bilinear' ? 1 : 2) * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(size);
  const counts = new Int32Array(size);
  const weights = new Int32Array(size * stride);
  const exact = new Float64Array(stride);
  for (let out = 0; out < size; out += 1) {
    const centre = (out + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inSize, Math.trunc(centre + support + 0.5)) - start;
    let total = 0;
    for (let tap = 0; tap < count; tap += 1) {
      const weight = filter((tap + start - centre + 0.5) / filterScale);
      exact[tap] = weight;
      total += weight;
    }
    for (let tap = 0; tap < count; tap += 1) {
      const scaled = (exact[tap]! / total) * one;
      weights[out * stride + tap] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    starts[out] = start;
    counts[out] = count;
  }
  return { size, starts, counts, weights, stride };
}

/** The same taps for output positions that are counted from the other end. */
export function reversed({ size, starts, counts, weights, stride }: Taps): Taps {
  const turned = new Int32Array(weights.length);
  for (let out = 0; out < size; out += 1)
    turned.set(weights.subarray(out * stride, (out + 1) * stride), (size - 1 - out) * stride);
  return { size, starts: starts.toReversed(), counts: counts.toReversed(), weights: turned, stride };
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
}
