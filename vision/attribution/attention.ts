/** What every token of some images attends to in one layer: [images, heads, tokens, tokens], each row sums to one. */
export interface AttentionWeights {
  readonly images: number;
  readonly heads: number;
  /** The class token is the first. */
  readonly tokens: number;
  readonly data: Float32Array;
}

/** How the heads of a layer become one. */
export type HeadFusion = 'mean' | 'max' | 'min';

/**
 * What the class token attends to, the heads fused: [tokens - 1], for one image of a layer (Caron et al. 2021, figure 1,
 * of the mean in place of each head).
 */
export function classTokenRow(layer: AttentionWeights, image: number, fusion: HeadFusion): Float64Array {
  return fusedRow(layer, { image, token: 0, fusion }).subarray(1);
}

/**
 * Attention rollout (Abnar and Zuidema 2020, section 3): how much of each patch reaches the class token through all layers,
 * [tokens - 1]. With the residual, each layer is half its attention and half the identity; rows are normalised to one.
 * Only the class token's row of the product is wanted, so that it is carried down as a vector, layer by layer.
 *
 * @param layers - From the first to the last.
 */
export function rollout(
  layers: readonly AttentionWeights[],
  { image, fusion, residual }: { image: number; fusion: HeadFusion; residual: boolean },
): Float64Array {
  const tokens = layers[0]?.tokens ?? 0;
  let carried = new Float64Array(tokens);
  carried[0] = 1;
  for (const layer of layers.toReversed()) {
    const before = new Float64Array(tokens);
    for (let token = 0; token < tokens; token++) {
      const share = carried[token]!;
      if (share === 0) continue;
      const row = fusedRow(layer, { image, token, fusion });
      if (residual) row.forEach((value, other) => (row[other] = 0.5 * value + (other === token ? 0.5 : 0)));
      const sum = row.reduce((total, value) => total + value, 0);
      for (let other = 0; other < tokens; other++) before[other]! += (share * row[other]!) / sum;
    }
    carried = before;
  }
  return carried.subarray(1);
}

/**
 * What each place of a map is given by the attention of windows (Liu et al. 2021, section 3.2), the heads fused: for token j of a
 * window, sum_i A_ij over the window's tokens i that lie on the map. A map without padding gets one a token in the mean.
 *
 * @param layer - all windows of an image after one another, `places.length / tokens` an image
 * @param places - for each window's tokens, the place on the map; -1 where it was padded
 * @returns [cells]
 */
export function receivedInWindows(
  layer: AttentionWeights,
  image: number,
  { places, cells, fusion }: { places: readonly number[]; cells: number; fusion: HeadFusion },
): Float64Array {
  const { tokens } = layer;
  const windows = places.length / tokens;
  const received = new Float64Array(cells);
  for (let window = 0; window < windows; window++) {
    const here = places.slice(window * tokens, (window + 1) * tokens);
    here.forEach((from, token) => {
      if (from < 0) return;
      const row = fusedRow(layer, { image: image * windows + window, token, fusion });
      here.forEach((to, other) => {
        if (to >= 0) received[to]! += row[other]!;
      });
    });
  }
  return received;
}

/** One token's row of a layer, [tokens]. */
function fusedRow(
  { heads, tokens, data }: AttentionWeights,
  { image, token, fusion }: { image: number; token: number; fusion: HeadFusion },
): Float64Array {
  const row = new Float64Array(tokens).fill(fusion === 'mean' ? 0 : fusion === 'max' ? -Infinity : Infinity);
  for (let head = 0; head < heads; head++) {
    const start = ((image * heads + head) * tokens + token) * tokens;
    for (let other = 0; other < tokens; other++) {
      const value = data[start + other]!;
      switch (fusion) {
        case 'mean':
          row[other]! += value / heads;
          break;
        case 'max':
          row[other] = Math.max(row[other]!, value);
          break;
        case 'min':
          row[other] = Math.min(row[other]!, value);
          break;
      }
    }
  }
  return row;
}
