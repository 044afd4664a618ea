/** Along which dimension of a weight [out, in, …] slices lie: 0 filters, 1 input channels. */
export type Dimension = 0 | 1;

export type Norm = 1 | 2 | 'inf';

/** One filter or input channel of a layer. */
export interface Slice {
  readonly layer: string;
  readonly index: number;
  /** Over its unmasked weights. */
  readonly norm: number;
  /** What the norm of a slice of so many equal weights is to that of one: makes slices of different sizes comparable. */
  readonly scale: number;
  /** Whether any of its weights is unmasked. */
  readonly alive: boolean;
}

export interface SlicedLayer {
  readonly name: string;
  readonly values: Float32Array;
  readonly mask: Uint8Array;
  readonly shape: readonly number[];
}

/** Every slice of a layer along a dimension. */
export function sliceNorms(
  { name, values, mask, shape }: SlicedLayer,
  { norm, dimension }: { readonly norm: Norm; readonly dimension: Dimension },
): readonly Slice[] {
  const slices = shape[dimension]!;
  // Consecutive values that belong to one slice.
  const run = shape.slice(dimension + 1).reduce((product, side) => product * side, 1);
  const sums = new Float64Array(slices);
  const alive = new Uint8Array(slices);
  for (let index = 0; index < values.length; index += 1) {
    if (mask[index] === 0) continue;
    const slice = Math.floor(index / run) % slices;
    alive[slice] = 1;
    sums[slice] = added(norm, sums[slice]!, values[index]!);
  }
  const scale = scaleOf(norm, values.length / slices);
  return Array.from(sums, (sum, index) => ({
    layer: name,
    index,
    norm: norm === 2 ? Math.sqrt(sum) : sum,
    scale,
    alive: alive[index] === 1,
  }));
}

/** The `count` of lowest norm; of equal norms those that come first. */
export function lowestSlices(slices: readonly Slice[], count: number): readonly Slice[] {
  // The sort is stable.
  return slices.toSorted((a, b) => a.norm - b.norm).slice(0, count);
}

function added(norm: Norm, sum: number, value: number): number {
  switch (norm) {
    case 1:
      return sum + Math.abs(value);
    case 2:
      return sum + value * value;
    case 'inf':
      return Math.max(sum, Math.abs(value));
  }
}

function scaleOf(norm: Norm, size: number): number {
  switch (norm) {
    case 1:
      return size;
    case 2:
      return Math.sqrt(size);
    case 'inf':
      return 1;
  }
}
