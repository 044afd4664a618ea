import type { Network, StateEntry } from './network.ts';

/** What is known of a model without loading any tensor code: enough to plan with. */
export interface ModelDescription {
  readonly name: string;
  /** The state dict's entries, in torchvision's order. */
  readonly layout: (config: ModelConfig) => readonly StateEntry[];
  readonly initialisation: Initialisation;
  /** Stage whose output GradCAM reads. */
  readonly camStage: string;
  /** Stage whose output map LOST reads, and how many pixels one of its cells spans (divide by `ModelConfig.dilation`). */
  readonly lost: { readonly stage: string; readonly patch: number };
  readonly preprocessing: Preprocessing;
  /** Name of the recipe in `vision/training/recipes.ts` that trains it. */
  readonly recipe: string;
}

/** A model of the registry: everything that depends on the architecture. */
export interface ModelEntry extends ModelDescription {
  readonly build: (config: ModelConfig) => Network;
}

/**
 * How fresh weights are drawn (He et al. 2015). `fan-out`: torchvision's ResNets, convolutions normal by fan-out and
 * PyTorch's default for the head. `fan-in`: convolutions and head normal by fan-in.
 */
export type Initialisation = 'fan-out' | 'fan-in';

export interface ModelConfig {
  readonly classes: number;
  /** Dilation of the last stage in place of its stride: 1 (default) or 2. */
  readonly dilation?: number;
}

/** How an image becomes an input. Sizes in pixels; mean and standard deviation per channel, of values in 0..1. */
export interface Preprocessing {
  /** Shorter side after resizing; absent where images are used at their own size. */
  readonly resize?: number;
  /** Side of the centre crop, which is also the input size. */
  readonly crop: number;
  readonly interpolation: 'bilinear' | 'bicubic';
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}
