/** Features of the patches of one image, patch by patch: `count` rows of `size` values. */
export interface PatchFeatures {
  readonly count: number;
  readonly size: number;
  readonly data: ArrayLike<number>;
}

/**
 * A = F F^T in float64: how alike two patches are (Siméoni et al. 2021, section 3.1). Rows are computed when asked for:
 * a fine grid has more pairs than memory holds.
 */
export interface Affinity {
  readonly count: number;
  /** Row `patch` of A: its affinity with every patch. */
  row(patch: number): Float64Array;
  /** Sum of the rows of `patches`: each patch's affinity with all of them together. */
  with(patches: readonly number[]): Float64Array;
  /** For each patch, how many *other* patches have a positive affinity with it. */
  degrees(): number[];
}

export function affinityOf({ count, size, data }: PatchFeatures): Affinity {
  const features = Float64Array.from(data);
  const between = (a: number, b: number): number => dot(features, a * size, b * size, size);
  return {
    count,
    row: (patch) => Float64Array.from({ length: count }, (_, other) => between(patch, other)),
    with: (patches) => {
      // The sum of rows of F F^T is F times the sum of the features.
      const sum = new Float64Array(size);
      for (const patch of patches) {
        for (let k = 0; k < size; k++) sum[k]! += features[patch * size + k]!;
      }
      return Float64Array.from({ length: count }, (_, patch) => {
        let product = 0;
        for (let k = 0; k < size; k++) product += features[patch * size + k]! * sum[k]!;
        return product;
      });
    },
    degrees: () => {
      const degrees = new Array<number>(count).fill(0);
      for (let a = 0; a < count; a++) {
        for (let b = a + 1; b < count; b++) {
          if (!(between(a, b) > 0)) continue;
          degrees[a]!++;
          degrees[b]!++;
        }
      }
      return degrees;
    },
  };
}

/** Four sums side by side keep the adder busy; the order is fixed, so that the result is the same everywhere. */
function dot(features: Float64Array, left: number, right: number, size: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < size; k += 4) {
    a += features[left + k]! * features[right + k]!;
    b += features[left + k + 1]! * features[right + k + 1]!;
    c += features[left + k + 2]! * features[right + k + 2]!;
    d += features[left + k + 3]! * features[right + k + 3]!;
  }
  for (; k < size; k++) a += features[left + k]! * features[right + k]!;
  return a + b + (c + d);
}
