import type { AttentionWeights } from '../attention.ts';
import { classTokenRow } from '../attention.ts';
import type { PlaneMap } from '../resize-map.ts';
import { resizeBilinear } from '../resize-map.ts';

interface Size {
  readonly height: number;
  readonly width: number;
}

/**
 * The authors' attention map of a ViT: the class token's row of the last layer, the heads *summed* (each enlarged bilinearly,
 * which is linear), resized to the image's size *with its sides exchanged*, and transposed: the map lies on its side.
 */
export function authorsAttentionMap(
  layer: AttentionWeights,
  image: number,
  { grid, size }: { readonly grid: readonly [number, number]; readonly size: Size },
): Float64Array {
  const { height, width } = size;
  const summed = classTokenRow(layer, image, 'mean').map((value) => value * layer.heads);
  const patches: PlaneMap = { height: grid[0], width: grid[1], data: summed };
  const enlarged = { ...size, data: resizeBilinear(patches, size) };
  const turned = resizeBilinear(enlarged, { height: width, width: height });
  return Float64Array.from({ length: height * width }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return turned[x * height + y]!;
  });
}
