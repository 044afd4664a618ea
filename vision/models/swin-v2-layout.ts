import { layerNormEntries, linearEntries, patchEntries } from './layout.ts';
import type { StateEntry } from './network.ts';
import { relativeCoordinates, relativePositions } from './swin-v2-positions.ts';

/** Extent along height and width. */
export type Extent = readonly [number, number];

/** What distinguishes one Swin transformer V2 from another (Liu et al. 2022, section 3.5). */
export interface SwinV2Shape {
  /** Of a patch, in pixels. */
  readonly patch: Extent;
  /** Channels of the first stage; each later one has twice as many as the one before. */
  readonly width: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Attention heads of each stage. */
  readonly heads: readonly number[];
  /** Of an attention window, in tokens. */
  readonly window: Extent;
  /** Size of an MLP's hidden layer, in widths. Default 4. */
  readonly mlpRatio?: number;
  /** Probability of dropping a value after the attention and both layers of an MLP. Default 0. */
  readonly dropout?: number;
  /** Probability of dropping an attention weight. Default 0. */
  readonly attentionDropout?: number;
  /** Probability of leaving out a branch of the last block for an image; linear from 0 at the first. Default 0. */
  readonly stochasticDepth?: number;
}

/** One block, with its place in the state dict. */
export interface SwinBlock {
  /** E.g. `features.1.0`. */
  readonly name: string;
  readonly width: number;
  readonly heads: number;
  readonly mlpWidth: number;
  /** By how far its windows are shifted where the map is larger than one: 0, or half a window. */
  readonly shift: Extent;
  /** Probability of leaving a branch out. */
  readonly skip: number;
}

export interface SwinStage {
  /** `features.N` of its blocks. */
  readonly name: string;
  readonly width: number;
  readonly blocks: readonly SwinBlock[];
  /** `features.N` of the patch merging that follows; undefined after the last. */
  readonly merging: string | undefined;
}

export function swinStages(shape: SwinV2Shape): readonly SwinStage[] {
  const { depths, heads, window, mlpRatio = 4, stochasticDepth = 0 } = shape;
  const total = depths.reduce((sum, depth) => sum + depth, 0);
  let before = 0;
  return depths.map((depth, stage) => {
    const width = shape.width * 2 ** stage;
    const name = `features.${1 + 2 * stage}`;
    const blocks = Array.from({ length: depth }, (_, index): SwinBlock => {
      const odd = index % 2 === 1;
      return {
        name: `${name}.${index}`,
        width,
        heads: heads[stage]!,
        mlpWidth: Math.trunc(width * mlpRatio),
        shift: odd ? [Math.floor(window[0] / 2), Math.floor(window[1] / 2)] : [0, 0],
        skip: total > 1 ? (stochasticDepth * (before + index)) / (total - 1) : 0,
      };
    });
    before += depth;
    return {
      name,
      width,
      blocks,
      merging: stage < depths.length - 1 ? `features.${2 + 2 * stage}` : undefined,
    };
  });
}

/** The state dict of a torchvision `SwinTransformer` with its V2 blocks. */
export function swinV2Layout(shape: SwinV2Shape, classes: number): StateEntry[] {
  const stages = swinStages(shape);
  const features = stages.at(-1)?.width ?? shape.width;
  return [
    ...patchEntries('features.0.0', shape.width, shape.patch),
    ...layerNormEntries('features.0.2', shape.width),
    ...stages.flatMap(({ blocks, merging, width }) => [
      ...blocks.flatMap((block) => blockEntries(block, shape.window)),
      ...(merging === undefined ? [] : mergingEntries(merging, width)),
    ]),
    ...layerNormEntries('norm', features),
    ...linearEntries('head', classes, features),
  ];
}

/** Hidden units of the network that makes the position bias (Liu et al. 2022, equation 3). */
const biasWidth = 512;

function blockEntries({ name, width, heads, mlpWidth }: SwinBlock, window: Extent): StateEntry[] {
  const [rows, columns] = window;
  const tokens = rows * columns;
  return [
    ...layerNormEntries(`${name}.norm1`, width),
    { name: `${name}.attn.logit_scale`, shape: [heads, 1, 1], role: 'scale', prunable: false },
    {
      name: `${name}.attn.relative_coords_table`,
      shape: [1, 2 * rows - 1, 2 * columns - 1, 2],
      role: 'constant',
      prunable: false,
      values: () => relativeCoordinates(window),
    },
    {
      name: `${name}.attn.relative_position_index`,
      shape: [tokens * tokens],
      role: 'constant',
      prunable: false,
      values: () => relativePositions(window),
    },
    ...linearEntries(`${name}.attn.qkv`, 3 * width, width),
    ...linearEntries(`${name}.attn.proj`, width, width),
    ...linearEntries(`${name}.attn.cpb_mlp.0`, biasWidth, 2),
    ...linearEntries(`${name}.attn.cpb_mlp.2`, heads, biasWidth).slice(0, 1),
    ...layerNormEntries(`${name}.norm2`, width),
    ...linearEntries(`${name}.mlp.0`, mlpWidth, width),
    ...linearEntries(`${name}.mlp.3`, width, mlpWidth),
  ];
}

function mergingEntries(name: string, width: number): StateEntry[] {
  return [
    ...linearEntries(`${name}.reduction`, 2 * width, 4 * width).slice(0, 1),
    ...layerNormEntries(`${name}.norm`, 2 * width),
  ];
}
