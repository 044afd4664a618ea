import type { AttentionWeights } from './attention.ts';
import { sliceImages } from './image-batch.ts';
import type { Attribution, ExplainRequest } from './method.ts';
import { parts } from './pass-size.ts';
import { resizeBilinear } from './resize-map.ts';

/** Images whose attention is read together: all layers of a ViT-B/16 are 22 MB an image. */
const together = 8;

/** Maps of what a class token attends to, one value a patch, resized to the images. */
export async function attentionMaps(
  { network, images }: ExplainRequest,
  {
    first,
    row,
  }: {
    /** The first layer that is wanted, of so many. */
    readonly first: (layers: number) => number;
    /** One value a patch from the wanted layers, of one of their images. */
    readonly row: (layers: readonly AttentionWeights[], image: number) => Float64Array;
  },
): Promise<Attribution> {
  const { attention } = network;
  if (attention === undefined) throw new Error('the network has no class token that attends');
  const { height, width, count } = images;
  const [rows, columns] = attention.grid(images);
  const maps = new Float32Array(count * height * width);
  for (const { from, to } of parts(count, together)) {
    const layers = await attention.weights(sliceImages(images, from, to), first(attention.layers));
    for (let image = from; image < to; image++) {
      const map = resizeBilinear({ height: rows, width: columns, data: row(layers, image - from) }, images);
      maps.set(map, image * height * width);
    }
  }
  return { channels: 1, maps };
}
