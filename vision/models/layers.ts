import { conv2d, layerNorm, linear, relu, tf } from '../tensors/index.ts';
import type { ForwardRequest, State } from './network.ts';
import { foldedConvolution, trainedNorm, type Norm } from './normed-convolution.ts';

/** Layers by their names in the state dict, in the mode of one forward pass. Maps are [batch, height, width, channels]. */
export interface Layers {
  /** A convolution without bias and the batch norm that follows it. */
  normedConvolution(
    names: { readonly convolution: string; readonly norm: string },
    input: tf.Tensor4D,
    geometry: { readonly stride: number; readonly padding: number; readonly dilation?: number },
  ): tf.Tensor4D;
  relu(input: tf.Tensor4D): tf.Tensor4D;
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

/** The layers of one pass. */
export function layersOf({ state, training, relu: rule = 'plain', tap }: ForwardRequest): Layers {
  const parameter = (name: string): tf.Tensor => parameterOf(state, name);
  return {
    parameter,
    normedConvolution: (names, input, { stride, padding, dilation = 1 }) => {
      const kernel = parameter(`${names.convolution}.weight`);
      const geometry = { stride, padding, dilation };
      const norm: Norm = {
        name: names.norm,
        scale: parameter(`${names.norm}.weight`) as tf.Tensor1D,
        offset: parameter(`${names.norm}.bias`) as tf.Tensor1D,
        mean: parameter(`${names.norm}.running_mean`) as tf.Tensor1D,
        variance: parameter(`${names.norm}.running_var`) as tf.Tensor1D,
      };
      if (training === undefined) return foldedConvolution(input, { kernel, norm, geometry });
      return trainedNorm(conv2d(input, kernel, geometry), norm, training.updates);
    },
    relu: (input) => relu(input, rule),
    linear: (name, input) => linear(input, parameter(`${name}.weight`), parameter(`${name}.bias`)),
    layerNorm: (name, input, epsilon) =>
      layerNorm(input, { scale: parameter(`${name}.weight`), offset: parameter(`${name}.bias`), epsilon }),
    drop: (name, input) => {
      const factor = training?.noise?.get(name);
      return factor === undefined ? input : scaled(input, factor);
    },
    tap: <T extends tf.Tensor>(name: string, value: T) =>
      tap === undefined ? value : (tap(name, value) as T),
    tapping: tap !== undefined,
    block: (body) => tf.tidy(body),
  };
}

function scaled<T extends tf.Tensor>(input: T, factor: tf.Tensor): T {
  if (factor.size === input.size) return tf.mul(input, tf.reshape(factor, input.shape));
  const images = factor.size;
  const product: tf.Tensor = tf.mul(tf.reshape(input, [images, -1]), tf.reshape(factor, [images, 1]));
  const shaped: tf.Tensor = tf.reshape(product, input.shape);
  return shaped as T;
}

function parameterOf(state: State, name: string): tf.Tensor {
  const tensor = state.get(name);
  if (tensor === undefined) throw new Error(`the state has no '${name}'`);
  return tensor;
}
