/** Weights [to, from], row by row, by which an axis of length `from` is resized to `to`. */
export type AxisWeights = (from: number, to: number) => Float32Array;

/** Half-pixel centres: position (i + 0.5) from / to - 0.5, not below 0, the last cell repeated. */
export function bilinearWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const position = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.min(Math.floor(position), from - 1);
    const high = Math.min(low + 1, from - 1);
    const share = position - low;
    weights[i * from + low]! += 1 - share;
    weights[i * from + high]! += share;
  }
  return weights;
}

export function nearestWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) weights[i * from + Math.min(Math.floor((i * from) / to), from - 1)] = 1;
  return weights;
}

/**
 * Cubic convolution (Keys 1981, with a = -0.75 as in PyTorch) with aligned corners: position i (from - 1) / (to - 1), the
 * edge cells repeated.
 */
export function bicubicAlignedWeights(from: number, to: number): Float32Array {
  const weights = new Float32Array(to * from);
  const scale = to > 1 ? (from - 1) / (to - 1) : 0;
  for (let i = 0; i < to; i++) {
    const position = i * scale;
    const low = Math.floor(position);
    for (let tap = low - 1; tap <= low + 2; tap++) {
      const cell = Math.min(Math.max(tap, 0), from - 1);
      weights[i * from + cell]! += cubic(Math.abs(position - tap));
    }
  }
  return weights;
}

function cubic(distance: number): number {
  const a = -0.75;
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return 0;
}
