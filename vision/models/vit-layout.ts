import {
  batchNormEntries,
  convolutionEntries,
  layerNormEntries,
  linearEntries,
  patchEntries,
} from './layout.ts';
import type { StateEntry } from './network.ts';

/** What distinguishes one vision transformer from another (Dosovitskiy et al. 2021, table 1). */
export interface VitShape {
  /** Side of the images, in pixels, whose grid of patches the position embeddings are made for. */
  readonly imageSide: number;
  /** Side of a patch, in pixels. */
  readonly patch: number;
  readonly layers: number;
  readonly heads: number;
  /** Size of a token. */
  readonly width: number;
  /** Size of the hidden layer of each block's MLP. */
  readonly mlpWidth: number;
  /** Probability of dropping a value: after the embedding, the attention and both layers of an MLP. Default 0. */
  readonly dropout?: number;
  /** Probability of dropping an attention weight. Default 0. */
  readonly attentionDropout?: number;
  /** Size of a hidden layer (with tanh) before the last; absent: none. */
  readonly representation?: number;
  /** Convolutions with batch norm and ReLU in place of the patch convolution (Xiao et al. 2021); a 1x1 follows them. */
  readonly stem?: readonly StemConvolution[];
}

export interface StemConvolution {
  readonly channels: number;
  readonly size: number;
  readonly stride: number;
}

/** Name of block `index`. */
export function vitBlock(index: number): string {
  return `encoder.layers.encoder_layer_${index}`;
}

/** The state dict of a torchvision `VisionTransformer`. */
export function vitLayout(shape: VitShape, classes: number): StateEntry[] {
  const { imageSide, patch, layers, width, representation } = shape;
  const tokens = 1 + Math.floor(imageSide / patch) ** 2;
  return [
    { name: 'class_token', shape: [1, 1, width], role: 'embedding', prunable: false },
    ...projectionEntries(shape),
    {
      name: 'encoder.pos_embedding',
      shape: [1, tokens, width],
      role: 'embedding',
      prunable: false,
      positions: true,
    },
    ...Array.from({ length: layers }, (_, index) => blockEntries(vitBlock(index), shape)).flat(),
    ...layerNormEntries('encoder.ln', width),
    ...(representation === undefined ? [] : linearEntries('heads.pre_logits', representation, width)),
    ...linearEntries('heads.head', classes, representation ?? width),
  ];
}

function projectionEntries({ patch, width, stem }: VitShape): StateEntry[] {
  if (stem === undefined) return patchEntries('conv_proj', width, [patch, patch]);
  let input = 3;
  const body = stem.flatMap(({ channels, size }, index) => {
    const name = `conv_proj.conv_bn_relu_${index}`;
    const entries = [
      ...convolutionEntries(`${name}.0`, channels, input, size),
      ...batchNormEntries(`${name}.1`, channels),
    ];
    input = channels;
    return entries;
  });
  return [
    ...body,
    ...convolutionEntries('conv_proj.conv_last', width, input, 1),
    { name: 'conv_proj.conv_last.bias', shape: [width], role: 'bias', prunable: false },
  ];
}

function blockEntries(name: string, { width, mlpWidth }: VitShape): StateEntry[] {
  const attention = `${name}.self_attention`;
  return [
    ...layerNormEntries(`${name}.ln_1`, width),
    // A bare parameter in PyTorch, no Linear: pruning leaves it alone unless told otherwise.
    {
      name: `${attention}.in_proj_weight`,
      shape: [3 * width, width],
      role: 'linear',
      prunable: false,
      group: 'attention-in-projection',
    },
    { name: `${attention}.in_proj_bias`, shape: [3 * width], role: 'bias', prunable: false },
    ...linearEntries(`${attention}.out_proj`, width, width),
    ...layerNormEntries(`${name}.ln_2`, width),
    ...renamed(linearEntries(`${name}.mlp.0`, mlpWidth, width), `${name}.mlp.linear_1`),
    ...renamed(linearEntries(`${name}.mlp.3`, width, mlpWidth), `${name}.mlp.linear_2`),
  ];
}

/** The published checkpoints are older than the names. */
function renamed([weight, bias]: StateEntry[], former: string): StateEntry[] {
  return [
    { ...weight!, formerly: `${former}.weight` },
    { ...bias!, formerly: `${former}.bias` },
  ];
}
