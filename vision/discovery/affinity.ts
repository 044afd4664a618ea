/** Features of the patches of one image, patch by patch: `count` rows of `size` values. */
export interface PatchFeatures {
  readonly count: number;
  readonly size: number;
  readonly data: Float32Array | Float64Array;
}

/**
 * A = F F^T in float64: how alike two patches are (Siméoni et al. 2021, section 3.1). Entries are computed when asked
 * for: a fine grid has more pairs than memory holds.
 */
export interface Affinity {
  readonly count: number;
  /** Entries of row `patch` of A: its affinity with each of `others`. */
  of(patch: number, others: readonly number[]): Float64Array;
  /** Sum of the rows of `patches`: each patch's affinity with all of them together. */
  with(patches: readonly number[]): Float64Array;
  /** For each patch, how many *other* patches have a positive affinity with it. */
  degrees(): number[];
}

export function affinityOf({ count, size, data }: PatchFeatures): Affinity {
  const patchVector = (patch: number): Float64Array =>
    new Float64Array(data.subarray(patch * size, (patch + 1) * size));
  return {
    count,
    of: (patch, others) => {
      const vector = patchVector(patch);
      return Float64Array.from(others, (other) => dot(data, other * size, vector));
    },
    with: (patches) => {
      // The sum of rows of F F^T is F times the sum of the features.
      const sum = new Float64Array(size);
      for (const patch of patches) {
        for (let k = 0; k < size; k++) sum[k]! += data[patch * size + k]!;
      }
      const products = new Float64Array(count);
      for (let patch = 0; patch < count; patch++) products[patch] = dot(data, patch * size, sum);
      return products;
    },
    degrees: () => {
      const degrees = new Array<number>(count).fill(0);
      for (let a = 0; a < count; a++) {
        const vector = patchVector(a);
        for (let b = a + 1; b < count; b++) {
          if (!(dot(data, b * size, vector) > 0)) continue;
          degrees[a]!++;
          degrees[b]!++;
        }
      }
      return degrees;
    },
  };
}

/** Four sums side by side keep the adder busy; the order is fixed, so that the result is the same everywhere. */
function dot(features: Float32Array | Float64Array, from: number, vector: Float64Array): number {
  const size = vector.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < size; k += 4) {
    a += features[from + k]! * vector[k]!;
    b += features[from + k + 1]! * vector[k + 1]!;
    c += features[from + k + 2]! * vector[k + 2]!;
    d += features[from + k + 3]! * vector[k + 3]!;
  }
  for (; k < size; k++) a += features[from + k]! * vector[k]!;
  return a + b + (c + d);
}
