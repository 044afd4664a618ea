import type { ConvGeometry, PoolGeometry, tf } from '../tensors/index.ts';

/** Layers by their names in the state dict, in the mode of one forward pass. Maps are [batch, height, width, channels]. */
export interface Layers {
  /** A convolution without bias and the batch norm that follows it. */
  normedConvolution(
    names: { readonly convolution: string; readonly norm: string },
    input: tf.Tensor4D,
    geometry: { readonly stride: number; readonly padding: number; readonly dilation?: number },
  ): tf.Tensor4D;
  /** A convolution whose kernel is no parameter, [height, width, in, out]. */
  fixedConvolution(input: tf.Tensor4D, kernel: tf.Tensor, geometry: ConvGeometry): tf.Tensor4D;
  maxPool(input: tf.Tensor4D, geometry: PoolGeometry): tf.Tensor4D;
  relu(input: tf.Tensor4D): tf.Tensor4D;
  /** The sum of a residual block's branch and its shortcut. */
  add(branch: tf.Tensor4D, shortcut: tf.Tensor4D): tf.Tensor4D;
  /** Mean over height and width: [batch, height, width, channels] -> [batch, channels] */
  globalAveragePool(input: tf.Tensor4D): tf.Tensor2D;
  /** `NAME.weight` and `NAME.bias` over the last axis. */
  linear<T extends tf.Tensor>(name: string, input: T): T;
  /** Layer norm over the last axis. */
  layerNorm<T extends tf.Tensor>(name: string, input: T, epsilon: number): T;
  /**
   * The noise so named as a factor: one for each value, or one for each image of the batch, whose values lie together.
   * Nothing happens in evaluation or where none was drawn.
   */
  drop<T extends tf.Tensor>(name: string, input: T): T;
  /** Shows a named value to whoever asked for it, and goes on with the answer. */
  tap<T extends tf.Tensor>(name: string, value: T): T;
  /** Whether anybody asked: what is made for a tap alone need not be made. */
  readonly tapping: boolean;
  parameter(name: string): tf.Tensor;
  /** Frees what `body` made but its result: a block's intermediate maps need not outlive it in evaluation. */
  block<T extends tf.Tensor>(body: () => T): T;
}
