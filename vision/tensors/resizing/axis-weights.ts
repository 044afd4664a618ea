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
