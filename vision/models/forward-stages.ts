import { addBias, batchNormTrain, conv2d, relu, tf, type ConvGeometry } from '../tensors/index.ts';
import type { ForwardRequest, State } from './network.ts';

/** One named stage: a pure function of the layers' state and its input. */
export interface Stage {
  readonly name: string;
  readonly run: (layers: Layers, input: tf.Tensor4D) => tf.Tensor;
}

/** Layers by their names in the state dict, in the mode of one forward pass. Maps are [batch, height, width, channels]. */
export interface Layers {
  /** A convolution without bias and the batch norm that follows it. */
  normedConvolution(
    names: { readonly convolution: string; readonly norm: string },
    input: tf.Tensor4D,
    geometry: { readonly stride: number; readonly padding: number; readonly dilation?: number },
  ): tf.Tensor4D;
  relu(input: tf.Tensor4D): tf.Tensor4D;
  parameter(name: string): tf.Tensor;
  /** Frees what `body` made but its result: a block's intermediate maps need not outlive it in evaluation. */
  block(body: () => tf.Tensor4D): tf.Tensor4D;
}

/** Runs the stages after `from` up to and including `until`. The caller owns the result and the `updates`. */
export function forwardThrough(stages: readonly Stage[], request: ForwardRequest): tf.Tensor {
  const first = request.from === undefined ? 0 : indexOf(stages, request.from) + 1;
  const last = request.until === undefined ? stages.length - 1 : indexOf(stages, request.until);
  if (first > last)
    throw new Error(`no stage lies after '${request.from ?? ''}' up to '${request.until ?? ''}'`);
  const layers = layersOf(request);
  return tf.tidy(() => {
    let value: tf.Tensor = request.input;
    for (const stage of stages.slice(first, last + 1)) value = stage.run(layers, value as tf.Tensor4D);
    return value;
  });
}

function indexOf(stages: readonly Stage[], name: string): number {
  const index = stages.findIndex((stage) => stage.name === name);
  if (index < 0)
    throw new Error(`no stage '${name}'; the stages are ${stages.map((stage) => stage.name).join(', ')}`);
  return index;
}

// PyTorch's defaults for BatchNorm2d.
const epsilon = 1e-5;
const momentum = 0.1;

function layersOf({ state, training, relu: rule = 'plain' }: ForwardRequest): Layers {
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
    block: (body) => tf.tidy(body),
  };
}

/** A batch norm's parameters and running statistics, each [channels]. */
interface Norm {
  readonly name: string;
  readonly scale: tf.Tensor1D;
  readonly offset: tf.Tensor1D;
  readonly mean: tf.Tensor1D;
  readonly variance: tf.Tensor1D;
}

/** In evaluation the norm is a fixed scale and shift of each channel: the kernel takes the scale, which is smaller than a map. */
function foldedConvolution(
  input: tf.Tensor4D,
  { kernel, norm, geometry }: { kernel: tf.Tensor; norm: Norm; geometry: ConvGeometry },
): tf.Tensor4D {
  return tf.tidy(() => {
    const factor = tf.mul(norm.scale, tf.rsqrt(tf.add(norm.variance, epsilon)));
    const shift = tf.sub(norm.offset, tf.mul(norm.mean, factor));
    // [height, width, in, out] x [out]
    return addBias(conv2d(input, tf.mul(kernel, factor), geometry), shift);
  });
}

function trainedNorm(map: tf.Tensor4D, norm: Norm, updates: Map<string, tf.Tensor>): tf.Tensor4D {
  const { name, ...parameters } = norm;
  const { y, mean, variance } = batchNormTrain(map, { ...parameters, epsilon, momentum });
  updates.set(`${name}.running_mean`, tf.keep(mean));
  updates.set(`${name}.running_var`, tf.keep(variance));
  return y;
}

function parameterOf(state: State, name: string): tf.Tensor {
  const tensor = state.get(name);
  if (tensor === undefined) throw new Error(`the state has no '${name}'`);
  return tensor;
}
