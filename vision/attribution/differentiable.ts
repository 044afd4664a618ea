import type { AttentionWeights } from './attention.ts';
import type { ImageBatch } from './image-batch.ts';

/**
 * What an attribution method may ask of a network. Results are plain arrays, so that methods are arithmetic and know
 * no tensors. Every answer is computed in parts that fit the memory budget.
 */
export interface Differentiable {
  /** Stage or tap whose value GradCAM reads. */
  readonly camStage: string;
  /** Where a class token attends to patches: what it attends to. */
  readonly attention?: ClassAttention;
  /** [images, classes] */
  logits(images: ImageBatch): Promise<Logits>;
  /** d logit[target] / d image, [images, height, width, 3]. */
  inputGradients(request: GradientRequest): Promise<Float32Array<ArrayBuffer>>;
  /** The value of a stage or tap, as a map, and the gradient of the target's logit by it. */
  stageGradients(request: GradientRequest & { readonly stage: string }): Promise<StageGradients>;
  /** For each image the weighted sum of gradients along a straight line: sum_k w_k grad f(from + a_k (image - from)). */
  pathGradients(request: PathRequest): Promise<Float32Array<ArrayBuffer>>;
}

export interface Logits {
  readonly classes: number;
  readonly data: Float32Array;
}

export interface GradientRequest {
  readonly images: ImageBatch;
  readonly targets: Int32Array;
  /** `guided`: ReLU passes only what is positive forward and backward. */
  readonly relu?: 'plain' | 'guided';
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

/** Attention of a network with a class token. */
export interface ClassAttention {
  readonly layers: number;
  /** Rows and columns of the patches of such images. */
  grid(images: ImageBatch): readonly [number, number];
  /** Weights of the layers from `first` to the last. They are large: ask for few images at once. */
  weights(images: ImageBatch, first: number): Promise<readonly AttentionWeights[]>;
}

/** [images, height, width, channels] each. */
export interface StageGradients {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly activations: Float32Array;
  readonly gradients: Float32Array;
}
