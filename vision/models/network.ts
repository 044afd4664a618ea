import type * as tf from '@tensorflow/tfjs';

/** Parameters and buffers by torchvision's names, in memory layout (convolutions [height, width, in, out], linear [in, out]). */
export type State = ReadonlyMap<string, tf.Tensor>;

/** One entry of the state dict, in torchvision's order. */
export interface StateEntry {
  readonly name: string;
  /** PyTorch's shape: convolutions [out, in, height, width], linear [out, in]. */
  readonly shape: readonly number[];
  readonly role: 'convolution' | 'linear' | 'bias' | 'norm' | 'embedding' | 'buffer' | 'counter';
  /** Whether pruning may zero its values (Conv2d and Linear weights). */
  readonly prunable: boolean;
  /** Under which name pruning may include the entry, where it is not prunable by itself (`attention-in-projection`). */
  readonly group?: string;
}

/** A network as a pure function of its state: no parameters live inside it. */
export interface Network {
  readonly entries: readonly StateEntry[];
  /** Named stages whose composition is the network, e.g. stem, layer1 … layer4, head. */
  readonly stages: readonly string[];
  readonly classes: number;
  /** What training draws at random for a batch [batch, height, width, channels] (dropout, stochastic depth); absent: nothing. */
  noise?(shape: readonly number[]): readonly NoiseEntry[];
  /** Runs the stages after `from` (default: all) up to and including `until` (default: the last, which gives logits). */
  forward(request: ForwardRequest): tf.Tensor;
}

/**
 * A random factor of a training pass: each value is 1 / keep with probability `keep`, else 0. It comes in from outside,
 * so that a pass is a pure function of its arguments.
 */
export interface NoiseEntry {
  readonly name: string;
  readonly shape: readonly number[];
  /** In (0, 1]. */
  readonly keep: number;
}

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
}
