import { swinV2Rule } from './initial-transformer.ts';
import type { ModelConfig, ModelDescription, Preprocessing } from './model-entry.ts';
import { cifar, imagenetSwinV2 } from './preprocessing.ts';
import { swinStages, swinV2Layout, type SwinV2Shape } from './swin-v2-layout.ts';

export interface SwinV2Model extends ModelDescription {
  readonly family: 'swin-v2';
  readonly shape: (config: ModelConfig) => SwinV2Shape;
}

const published = { patch: [4, 4], width: 96, heads: [3, 6, 12, 24], window: [8, 8] } as const;
const forImagenet = { preprocessing: imagenetSwinV2, recipe: 'imagenet-swin' };

/**
 * The Swin transformers V2 of the catalogue. `swin_v2_mini` is ours, for 32x32 images: maps of 16x16 and 8x8 tokens in windows
 * of 4x4, 0.5 million parameters and 46 million multiplications an image, near a ResNet-20's 41, whose last map has 8x8
 * cells too.
 */
export const swinV2Models: readonly SwinV2Model[] = [
  swinV2('swin_v2_t', { ...published, depths: [2, 2, 6, 2], stochasticDepth: 0.2 }, forImagenet),
  swinV2('swin_v2_s', { ...published, depths: [2, 2, 18, 2], stochasticDepth: 0.3 }, forImagenet),
  swinV2(
    'swin_v2_mini',
    { patch: [2, 2], width: 48, depths: [2, 4], heads: [3, 6], window: [4, 4], stochasticDepth: 0.1 },
    { preprocessing: cifar, recipe: 'cifar-transformer' },
  ),
];

function swinV2(
  name: string,
  fixed: SwinV2Shape,
  use: { readonly preprocessing: Preprocessing; readonly recipe: string },
): SwinV2Model {
  const shape = ({ stochasticDepth, dropout, attentionDropout }: ModelConfig): SwinV2Shape => ({
    ...fixed,
    ...(stochasticDepth === undefined ? {} : { stochasticDepth }),
    ...(dropout === undefined ? {} : { dropout }),
    ...(attentionDropout === undefined ? {} : { attentionDropout }),
  });
  const last = swinStages(fixed).at(-1)!;
  const lastBlock = last.blocks.at(-1)!.name;
  return {
    family: 'swin-v2',
    name,
    shape,
    layout: (config) => swinV2Layout(shape(config), config.classes),
    initialisation: swinV2Rule,
    torchvision: ({ classes }) => {
      const { patch, width, depths, heads, window } = fixed;
      const sizes = `patch_size=${list(patch)}, embed_dim=${width}, depths=${list(depths)}, num_heads=${list(heads)}, window_size=${list(window)}`;
      const parts =
        'block=swin_transformer.SwinTransformerBlockV2, downsample_layer=swin_transformer.PatchMergingV2';
      return `swin_transformer.SwinTransformer(${sizes}, num_classes=${classes}, ${parts})`.replaceAll(
        'swin_transformer.',
        'torchvision.models.swin_transformer.',
      );
    },
    camStage: `${lastBlock}.norm1`,
    authorsCam: { heightAsChannels: true },
    windowAttention: `${lastBlock}.attn.weights`,
    lost: { stage: last.name, patch: fixed.patch[0] * 2 ** (fixed.depths.length - 1) },
    ...use,
  };
}

function list(numbers: readonly number[]): string {
  return `[${numbers.join(', ')}]`;
}
