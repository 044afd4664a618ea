import type { StateEntry } from '../models/network.ts';
import { bicubicAlignedWeights } from '../tensors/resizing/axis-weights.ts';
import { float32Tensor, toFloat32 } from './raw-tensor.ts';
import type { StoredTensor, StoredTensors } from './stored-tensor.ts';

export interface FittedPositions {
  readonly tensors: StoredTensors;
  /** Sides of the square grids, in patches, where embeddings were interpolated. */
  readonly interpolated: { readonly from: number; readonly to: number } | undefined;
}

/**
 * Position embeddings that were made for images of another size, interpolated to the model's grid as torchvision does
 * when it loads a checkpoint (`interpolate_embeddings`): bicubic with aligned corners, the class token's kept.
 */
export function fitPositions(tensors: StoredTensors, entries: readonly StateEntry[]): FittedPositions {
  const entry = entries.find(({ positions }) => positions === true);
  const tensor = entry && tensors.get(entry.name);
  if (tensor === undefined) return { tensors, interpolated: undefined };
  const [, , width] = entry!.shape;
  const from = gridSide(tensor.shape, width!);
  const to = gridSide(entry!.shape, width!);
  if (from === undefined || to === undefined || from === to) return { tensors, interpolated: undefined };
  const fitted: StoredTensor = {
    dtype: 'F32',
    shape: entry!.shape,
    load: async () =>
      float32Tensor(entry!.shape, interpolated(toFloat32(await tensor.load()), { from, to, width: width! })),
  };
  return { tensors: new Map([...tensors, [entry!.name, fitted]]), interpolated: { from, to } };
}

/** The side of [1, 1 + side x side, width]; undefined of any other shape. */
function gridSide([one, tokens, width]: readonly number[], expectedWidth: number): number | undefined {
  if (one !== 1 || tokens === undefined || width !== expectedWidth) return undefined;
  const side = Math.round(Math.sqrt(tokens - 1));
  return side >= 1 && side * side === tokens - 1 ? side : undefined;
}

/** One axis after the other, in float64. */
function interpolated(
  embeddings: Float32Array,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): Float32Array {
  const weights = bicubicAlignedWeights(from, to); // [to, from]
  const rows = new Float64Array(to * from * width); // [to, from, width]
  for (let i = 0; i < to; i += 1)
    for (let row = 0; row < from; row += 1) {
      const weight = weights[i * from + row]!;
      if (weight === 0) continue;
      const source = width + row * from * width;
      const target = i * from * width;
      for (let k = 0; k < from * width; k += 1) rows[target + k]! += weight * embeddings[source + k]!;
    }
  const cells = new Float64Array(to * to * width); // [to, to, width]
  for (let i = 0; i < to; i += 1)
    for (let j = 0; j < to; j += 1)
      for (let column = 0; column < from; column += 1) {
        const weight = weights[j * from + column]!;
        if (weight === 0) continue;
        const source = (i * from + column) * width;
        const target = (i * to + j) * width;
        for (let k = 0; k < width; k += 1) cells[target + k]! += weight * rows[source + k]!;
      }
  const result = new Float32Array((1 + to * to) * width);
  result.set(embeddings.subarray(0, width));
  result.set(cells, width);
  return result;
}
