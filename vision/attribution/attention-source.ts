import type { AttentionSource } from './differentiable.ts';
import type { ImageBatch } from './image-batch.ts';
import { attentionPass } from './passes/attention-pass.ts';
import type { Evaluated } from './passes/pass.ts';
import type { PassRunner } from './passes/run-passes.ts';

/** Where a network's attention is. */
export interface AttentionTaps {
  readonly kind: AttentionSource['kind'];
  /** Of the weights, first layer first; of windows, the last layer alone. */
  readonly taps: readonly string[];
}

interface SourceRequest extends AttentionTaps {
  readonly runner: PassRunner;
  readonly calls: number;
}

/** Images whose attention is read together: all layers of a ViT-B/16 are 22 MB an image. */
const together = 8;

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
    weights: async (images, first) => {
      const [logits, ...layers] = await runner.run({
        name: `attention from ${first}`,
        pass: () => attentionPass(evaluated, taps.slice(first)),
        inputs: [{ shape: shapeOf(images).slice(1), data: images.data }],
        rows: images.count,
        together,
        calls,
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
