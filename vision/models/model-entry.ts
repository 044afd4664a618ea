import type { Network } from './network.ts';

/** A model of the registry: everything that depends on the architecture. */
export interface ModelEntry {
  readonly name: string;
  readonly build: (config: ModelConfig) => Network;
  /** Stage whose output GradCAM reads. */
  readonly camStage: string;
  /** Stage whose output map LOST reads, and how many pixels one of its cells spans. */
  readonly lost: { readonly stage: string; readonly patch: number };
  readonly preprocessing: Preprocessing;
  /** Name of the recipe in `vision/training/recipes/` that trains it. */
  readonly recipe: string;
}

export interface ModelConfig {
  readonly classes: number;
  /** Dilation of the last stage where the architecture has the option. */
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
