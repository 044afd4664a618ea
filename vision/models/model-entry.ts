import type { InitialRule } from './initialise.ts';
import type { Network, StateEntry } from './network.ts';

/** What is known of a model without loading any tensor code: enough to plan with. */
export interface ModelDescription {
  readonly name: string;
  /** The state dict's entries, in torchvision's order. */
  readonly layout: (config: ModelConfig) => readonly StateEntry[];
  readonly initialisation: InitialRule;
  /** A Python expression that builds the same model with torchvision; absent where torchvision has none. */
  readonly torchvision?: (config: ModelConfig) => string;
  /** Stage or tap whose value GradCAM reads. */
  readonly camStage: string;
  readonly lost: LostFeatures;
  /** Where the authors of the study read GradCAM, and how, if it is not there: for comparisons with their figures. */
  readonly authorsCam?: { readonly stage?: string; readonly heightAsChannels?: boolean };
  /** Taps of the attention weights [batch, heads, tokens, tokens], first layer first; absent where no class token attends. */
  readonly attention?: readonly string[];
  /** Tap of the last layer's attention weights [batch x windows, heads, tokens, tokens], where it happens in windows. */
  readonly windowAttention?: string;
  /** Whether relevance can be propagated through its layers: all that compute go through `Layers`. */
  readonly propagatesRelevance?: boolean;
  readonly preprocessing: Preprocessing;
  /** Name of the recipe in `vision/training/recipes.ts` that trains it. */
  readonly recipe: string;
}

/** Values of a model that LOST can look at. */
export interface LostSource {
  /** Stage or tap whose value, as a map, holds them. */
  readonly stage: string;
  /** Whether all values of a map are normalised together first: maps are, a transformer's keys are not. Default true. */
  readonly normalise?: boolean;
  /** Whether they are tokens to be taken in the wrong order: `scrambledTokens`. Default false. */
  readonly scrambled?: boolean;
}

/** Where LOST finds a model's features. */
export interface LostFeatures extends LostSource {
  /** How many pixels one of its cells spans (divide by `ModelConfig.dilation`). */
  readonly patch: number;
  /** Whether the last stage can dilate in place of its stride. Default false. */
  readonly dilates?: boolean;
  /** Other values of the same kind, by the name that a study has for them. */
  readonly others?: { readonly [name in LostChoice]?: string };
  /** What the paper's authors look at, where their code differs from the paper. */
  readonly authors?: LostSource;
}

/** What of a transformer's last attention LOST looks at. */
export type LostChoice = 'keys' | 'queries' | 'values';

/** A model of the registry: everything that depends on the architecture. */
export interface ModelEntry extends ModelDescription {
  readonly build: (config: ModelConfig) => Network;
}

/** What a study may change of a model. All but the classes default to what the model was published with. */
export interface ModelConfig {
  readonly classes: number;
  /** ResNets: dilation of the last stage in place of its stride: 1 (default) or 2. */
  readonly dilation?: number;
  /** ViT: side of the images, in pixels, whose grid of patches has a position embedding each. */
  readonly inputSide?: number;
  /** Swin: probability of leaving out a branch of the last block for an image, in training; linear from 0 at the first. */
  readonly stochasticDepth?: number;
  /** ViT and Swin: probability of dropping a value in training. */
  readonly dropout?: number;
  /** ViT and Swin: probability of dropping an attention weight in training. */
  readonly attentionDropout?: number;
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
