import { vitRule } from './initial-transformer.ts';
import type { ModelConfig, ModelDescription, Preprocessing } from './model-entry.ts';
import { cifar, imagenet } from './preprocessing.ts';
import { vitBlock, vitLayout, type VitShape } from './vit-layout.ts';

export interface VitModel extends ModelDescription {
  readonly family: 'vit';
  readonly shape: (config: ModelConfig) => VitShape;
}

const base = { layers: 12, heads: 12, width: 768, mlpWidth: 3072 };

/**
 * The vision transformers of the catalogue. `vit_mini_4` is ours, for 32x32 images: at 0.8 million parameters and 58 million
 * multiplications an image it costs about what a ResNet-20 (41 million) does; MLPs of twice the width, as compact
 * transformers on small data have them (Hassani et al. 2021).
 */
export const vitModels: readonly VitModel[] = [
  vit('vit_b_32', { patch: 32, ...base }, { preprocessing: imagenet, recipe: 'imagenet-vit' }),
  vit('vit_b_16', { patch: 16, ...base }, { preprocessing: imagenet, recipe: 'imagenet-vit' }),
  vit(
    'vit_mini_4',
    { patch: 4, layers: 6, heads: 4, width: 128, mlpWidth: 256 },
    { preprocessing: cifar, recipe: 'cifar-transformer' },
  ),
];

function vit(
  name: string,
  fixed: Omit<VitShape, 'imageSide'>,
  use: { readonly preprocessing: Preprocessing; readonly recipe: string },
): VitModel {
  const shape = ({ inputSide, dropout, attentionDropout }: ModelConfig): VitShape => ({
    imageSide: inputSide ?? use.preprocessing.crop,
    ...fixed,
    ...(dropout === undefined ? {} : { dropout }),
    ...(attentionDropout === undefined ? {} : { attentionDropout }),
  });
  const last = vitBlock(fixed.layers - 1);
  return {
    family: 'vit',
    name,
    shape,
    layout: (config) => vitLayout(shape(config), config.classes),
    initialisation: vitRule,
    torchvision: (config) => {
      const { imageSide, patch, layers, heads, width, mlpWidth } = shape(config);
      const sizes = `patch_size=${patch}, num_layers=${layers}, num_heads=${heads}, hidden_dim=${width}, mlp_dim=${mlpWidth}`;
      return `torchvision.models.VisionTransformer(image_size=${imageSide}, ${sizes}, num_classes=${config.classes})`;
    },
    // The last place where patches still reach the logits: after it, only the class token does.
    camStage: `${last}.ln_1`,
    authorsCam: { stage: 'encoder' },
    lost: {
      stage: `${last}.self_attention.keys`,
      patch: fixed.patch,
      others: {
        keys: `${last}.self_attention.keys`,
        queries: `${last}.self_attention.queries`,
        values: `${last}.self_attention.values`,
      },
      normalise: false,
      authors: { stage: `${last}.ln_1`, normalise: false, scrambled: true },
    },
    attention: Array.from(
      { length: fixed.layers },
      (_, index) => `${vitBlock(index)}.self_attention.weights`,
    ),
    ...use,
  };
}
