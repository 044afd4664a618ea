import type { AttentionSource } from './differentiable.ts';
import type { ImageBatch } from './image-batch.ts';
import { attentionPass } from './passes/attention-pass.ts';
import type { Evaluated } from './passes/pass.ts';
import { rowsOf, type PassRunner } from './passes/run-passes.ts';

/** Where a network's attention is. */
export interface AttentionTaps {
  readonly kind: AttentionSource['kind'];
  /** Of the weights, first layer first; of windows, the last layer alone. */
  readonly taps: readonly string[];
}

/** Weights are read as arrays: all layers of a ViT-B/16 are 22 MB an image. */
const mostTogether = 8;

interface SourceRequest extends AttentionTaps {
  readonly runner: PassRunner;
  readonly calls: number;
}

/** Shows the attention weights of a network's layers as arrays. */
export function attentionSource(
  evaluated: Evaluated,
  { kind, taps, runner, calls }: SourceRequest,
): AttentionSource {
  const { network } = evaluated;
  const shapeOf = ({ count, height, width }: ImageBatch): readonly number[] => [count, height, width, 3];
  const windowsOf = (images: ImageBatch) => {
    const windows = network.attentionWindows?.(taps.at(-1)!, shapeOf(images));
    if (windows === undefined) throw new Error('the tokens of this network lie in no windows');
    return windows;
  };
  const passFrom = (first: number) => ({
    name: `attention from ${first}`,
    pass: () => attentionPass(evaluated, taps.slice(first)),
  });
  return {
    kind,
    layers: taps.length,
    grid: (images) => {
      if (kind === 'windows') return windowsOf(images).map;
      const grid = network.tokenGrid?.(shapeOf(images));
      if (grid === undefined) throw new Error('the tokens of this network lie on no grid');
      return grid;
    },
    ...(kind === 'windows' ? { places: (images: ImageBatch) => windowsOf(images).places } : {}),
    together: async (images, first) => {
      const [, ...shape] = shapeOf(images);
      return Math.min(
        mostTogether,
        await runner.imagesThatFit(passFrom(first), (count) => [[count, ...shape]]),
      );
    },
    weights: async (images, first) => {
      const [logits, ...layers] = await runner.run({
        ...passFrom(first),
        inputs: [rowsOf(images.data, shapeOf(images).slice(1))],
        ...{ rows: images.count, together: images.count, calls },
      });
      return {
        logits: { classes: network.classes, data: logits!.data },
        layers: layers.map(({ shape, data }) => {
          const [windows = 0, heads = 0, tokens = 0] = shape;
          return { images: images.count * windows, heads, tokens, data };
        }),
      };
    },
  };
}
