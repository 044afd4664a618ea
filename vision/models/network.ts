import type * as tf from '@tensorflow/tfjs';
import type { Layers } from './layer-set.ts';

/** Parameters and buffers by torchvision's names, in memory layout (convolutions [height, width, in, out], linear [in, out]). */
export type State = ReadonlyMap<string, tf.Tensor>;

/** One entry of the state dict, in torchvision's order. */
export interface StateEntry {
  readonly name: string;
  /** PyTorch's shape: convolutions [out, in, height, width], linear [out, in]. */
  readonly shape: readonly number[];
  /** `scale`: learned factors that belong to no norm. `constant`: what follows from the architecture alone. */
  readonly role:
    'convolution' | 'linear' | 'bias' | 'norm' | 'embedding' | 'scale' | 'buffer' | 'counter' | 'constant';
  /** Whether pruning may zero its values (Conv2d and Linear weights). */
  readonly prunable: boolean;
  /** Under which name pruning may include the entry, where it is not prunable by itself (`attention-in-projection`). */
  readonly group?: string;
  /** Whether these are embeddings of positions, [1, 1 + side x side, width], the class token's first. */
  readonly positions?: boolean;
  /** A name that older checkpoints have it under. */
  readonly formerly?: string;
  /**
   * Values of a `constant`, int64 in files where they are an Int32Array. Files hold them because PyTorch's do; no tensor
   * is made of them, networks compute with their own.
   */
  readonly values?: () => Float32Array | Int32Array;
}

/** A network as a pure function of its state: no parameters live inside it. */
export interface Network {
  readonly entries: readonly StateEntry[];
  /** Named stages whose composition is the network, e.g. stem, layer1 … layer4, head. */
  readonly stages: readonly string[];
  /** Names of the values that `ForwardRequest.tap` sees, in the order of a pass; the stages are among them. */
  readonly taps: readonly string[];
  readonly classes: number;
  /**
   * Rows and columns of patches of images [batch, height, width, channels], where values are tokens [batch, 1 + rows x
   * columns, width] with a class token in front; absent where they are maps.
   */
  tokenGrid?(images: readonly number[]): readonly [number, number];
  /** Where attention happens in windows of a map: how the windows of a tap of attention weights lie on it, for such images. */
  attentionWindows?(tap: string, images: readonly number[]): AttentionWindows;
  /** What training draws at random for a batch [batch, height, width, channels] (dropout, stochastic depth); absent: nothing. */
  noise?(shape: readonly number[]): readonly NoiseEntry[];
  /** Runs the stages after `from` (default: all) up to and including `until` (default: the last, which gives logits). */
  forward(request: ForwardRequest): tf.Tensor;
}

/** Windows on a map of tokens. */
export interface AttentionWindows {
  /** Rows and columns of the map. */
  readonly map: readonly [number, number];
  /** For each window's tokens, row by row, the map's token that lies there; -1 where the map was padded. */
  readonly places: readonly number[];
}

/**
 * A random factor of a training pass: each value is 1 / keep with probability `keep`, else 0. It comes in from outside,
 * so that a pass is a pure function of its arguments.
 */
export interface NoiseEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** In [0, 1]; at 0 every value is 0. */
  readonly keep: number;
}

/**
 * Called with each named value of a pass; the pass goes on with what it returns, of the same shape. Read the value, or add
 * zeros to it and differentiate by them. What is to outlive the pass, `keep` or read at once.
 */
export type Tap = (name: string, value: tf.Tensor) => tf.Tensor;

export interface ForwardRequest {
  readonly state: State;
  /** Images [batch, height, width, channels], normalised; or the output of stage `from`. */
  readonly input: tf.Tensor;
  readonly from?: string;
  readonly until?: string;
  /** Absent: evaluation. */
  readonly training?: {
    /** Takes new running statistics (kept tensors, owned by the caller); batch statistics are used. */
    readonly updates: Map<string, tf.Tensor>;
    /** The draws that the network's `noise` asks for, by name; where one is absent, nothing is dropped. */
    readonly noise?: ReadonlyMap<string, tf.Tensor>;
  };
  /** `guided`: ReLU's gradient passes only where input and incoming gradient are positive. */
  readonly relu?: 'plain' | 'guided';
  /** Layers of one's own, made of the usual ones of the pass: what comes back through them need be no gradient. */
  readonly layers?: (usual: Layers) => Layers;
  readonly tap?: Tap;
}
