/** Features of the patches of one image, patch by patch: `count` rows of `size` values. */
export interface PatchFeatures {
  readonly count: number;
  readonly size: number;
  readonly data: ArrayLike<number>;
}

/** A = F F^T, [count, count] in float64: how alike two patches are (Siméoni et al. 2021, section 3.1). */
export function affinities({ count, size, data }: PatchFeatures): Float64Array {
  const rows = Float64Array.from(data);
  const affinity = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = i; j < count; j++) {
      const product = dot(rows, i * size, j * size, size);
      affinity[i * count + j] = product;
      affinity[j * count + i] = product;
    }
  }
  return affinity;
}

/** Four sums side by side keep the adder busy; the order is fixed, so that the result is the same everywhere. */
function dot(rows: Float64Array, left: number, right: number, size: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < size; k += 4) {
    a += rows[left + k]! * rows[right + k]!;
    b += rows[left + k + 1]! * rows[right + k + 1]!;
    c += rows[left + k + 2]! * rows[right + k + 2]!;
    d += rows[left + k + 3]! * rows[right + k + 3]!;
  }
  for (; k < size; k++) a += rows[left + k]! * rows[right + k]!;
  return a + b + (c + d);
}
