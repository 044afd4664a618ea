import type { AttentionWeights } from './attention.ts';
import type { AttentionSource, Logits } from './differentiable.ts';
import type { ImageBatch } from './image-batch.ts';
import { sliceImages } from './image-batch.ts';
import type { Attribution, ExplainRequest } from './method.ts';
import { joinLogits } from './logits.ts';
import { parts } from './pass-size.ts';

/** One image's attention. */
interface Seen {
  /** The wanted layers, first to last; other images are in them too. */
  readonly layers: readonly AttentionWeights[];
  readonly image: number;
  readonly source: AttentionSource;
  /** Rows and columns of the patches. */
  readonly grid: readonly [number, number];
}

/** Maps of what attention says, at the images' size. */
export async function attentionMaps(
  { network, images }: Pick<ExplainRequest, 'network' | 'images'>,
  {
    first,
    map,
  }: {
    /** The first layer that is wanted, of so many. */
    readonly first: (layers: number) => number;
    /** One value a pixel. */
    readonly map: (seen: Seen, batch: ImageBatch) => Float64Array;
  },
): Promise<Attribution> {
  const { attention: source } = network;
  if (source === undefined) throw new Error('the network has no attention');
  const { height, width, count } = images;
  const grid = source.grid(images);
  const maps = new Float32Array(count * height * width);
  const logits: Logits[] = [];
  const layer = first(source.layers);
  for (const { from, to } of parts(count, await source.together(images, layer))) {
    const some = sliceImages(images, from, to);
    const seen = await source.weights(some, layer);
    logits.push(seen.logits);
    for (let image = 0; image < some.count; image++) {
      maps.set(map({ layers: seen.layers, image, source, grid }, some), (from + image) * height * width);
    }
  }
  return { channels: 1, maps, logits: joinLogits(logits) };
}
