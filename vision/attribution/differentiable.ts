import type { AttentionWeights } from './attention.ts';
import type { ImageBatch } from './image-batch.ts';
import type { RelevanceRule } from './relevance/rule-names.ts';

/**
 * What an attribution method may ask of a network. Results are plain arrays, so that methods are arithmetic and know
 * no tensors. Every answer is computed in parts that fit the memory budget, and holds the logits of its pass, so that no
 * method has to ask for what was computed anyway.
 */
export interface Differentiable {
  /** Where GradCAM reads. */
  readonly cam: CamSource;
  /** Where tokens attend to patches: what is attended to. */
  readonly attention?: AttentionSource;
  logits(images: ImageBatch): Promise<Logits>;
  /** d logit[target] / d image, [images, height, width, 3]. */
  inputGradients(request: GradientRequest): Promise<InputGradients>;
  /** The value of a stage or tap, as a map, and the gradient of the target's logit by it; and by the image, where asked for. */
  stageGradients(request: StageRequest): Promise<StageGradients>;
  /** For each image the weighted sum of gradients along a straight line: sum_k w_k grad f(from + a_k (image - from)). */
  pathGradients(request: PathRequest): Promise<Float64Array<ArrayBuffer>>;
  /** The share of each input in the target's logit by layer-wise relevance propagation. */
  relevance(request: RelevanceRequest): Promise<InputGradients>;
}

export interface CamSource {
  /** Name of a stage or tap. */
  readonly stage: string;
  /** Where the authors' code reads, and how, if not there: see `variant.ts`. */
  readonly authors?: { readonly stage?: string; readonly heightAsChannels?: boolean };
}

/** [images, classes] */
export interface Logits {
  readonly classes: number;
  readonly data: Float32Array;
}

/** A class for each image, or for each the one of its highest logit (the first among equals). */
export type Targets = Int32Array | 'predicted';

/** `guided`: ReLU passes only what is positive forward and backward. */
export type GradientRule = 'plain' | 'guided';

export interface GradientRequest {
  readonly images: ImageBatch;
  readonly targets: Targets;
  /** Default: plain. */
  readonly relu?: GradientRule;
}

export interface InputGradients {
  readonly logits: Logits;
  /** [images, height, width, 3] */
  readonly gradients: Float32Array<ArrayBuffer>;
}

export interface StageRequest {
  readonly images: ImageBatch;
  readonly targets: Targets;
  readonly stage: string;
  /** Asks for the guided gradient by the image too. The stage's own gradient stays the plain one. */
  readonly guided?: boolean;
}

/** [images, height, width, channels] each. */
export interface StageGradients {
  readonly logits: Logits;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly activations: Float32Array;
  readonly gradients: Float32Array;
  /** By the image, guided: [images, image height, image width, 3]. */
  readonly guided?: Float32Array<ArrayBuffer>;
}

export interface RelevanceRequest {
  readonly images: ImageBatch;
  readonly targets: Targets;
  readonly rule: RelevanceRule;
  /** Keeps divisors away from zero. */
  readonly epsilon: number;
}

export interface PathRequest {
  readonly images: ImageBatch;
  /** Where the line begins: one value for all, or as many as the images have. */
  readonly from: number | Float32Array<ArrayBuffer>;
  readonly targets: Int32Array;
  readonly nodes: readonly PathNode[];
}

/** A point on the line from the baseline (0) to the image (1), and its weight. */
export interface PathNode {
  readonly alpha: number;
  readonly weight: number;
}

/** Attention of a network's tokens to its patches. */
export interface AttentionSource {
  /** `class-token`: tokens of the whole image, a class token first. `windows`: windows of a map, last layer only. */
  readonly kind: 'class-token' | 'windows';
  readonly layers: number;
  /** Rows and columns of the patches of such images. */
  grid(images: ImageBatch): readonly [number, number];
  /** Of windows: for each window's tokens the patch that lies there, -1 where the map was padded. */
  places?(images: ImageBatch): readonly number[];
  /** How many of such images fit the memory budget, and are not too many arrays. */
  together(images: ImageBatch, first: number): Promise<number>;
  /** Weights of the layers from `first` to the last, of so many images as go together. */
  weights(images: ImageBatch, first: number): Promise<SeenAttention>;
}

export interface SeenAttention {
  readonly logits: Logits;
  readonly layers: readonly AttentionWeights[];
}
