import { batchNormEval, batchNormTrain, conv2d, relu, tf } from '../tensors/index.ts';
import type { ForwardRequest, State } from './network.ts';

/** One named stage: a pure function of the layers' state and its input. */
export interface Stage {
  readonly name: string;
  readonly run: (layers: Layers, input: tf.Tensor4D) => tf.Tensor;
}

/** Layers by their names in the state dict, in the mode of one forward pass. Maps are [batch, height, width, channels]. */
export interface Layers {
  convolution(
    name: string,
    input: tf.Tensor4D,
    geometry: { stride: number; padding: number; dilation?: number },
  ): tf.Tensor4D;
  batchNorm(name: string, input: tf.Tensor4D): tf.Tensor4D;
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
    convolution: (name, input, { stride, padding, dilation = 1 }) =>
      conv2d(input, parameter(`${name}.weight`), { stride, padding, dilation }),
    batchNorm: (name, input) => {
      const scale = parameter(`${name}.weight`) as tf.Tensor1D;
      const offset = parameter(`${name}.bias`) as tf.Tensor1D;
      const mean = parameter(`${name}.running_mean`) as tf.Tensor1D;
      const variance = parameter(`${name}.running_var`) as tf.Tensor1D;
      if (training === undefined) return batchNormEval(input, { scale, offset, mean, variance, epsilon });
      const batch = batchNormTrain(input, { scale, offset, epsilon });
      const values = input.size / mean.size;
      // The batch is normalised by its biased variance; the running variance takes the unbiased one, as in PyTorch.
      const unbias = values / (values - 1);
      training.updates.set(`${name}.running_mean`, blend(mean, batch.mean, momentum));
      training.updates.set(`${name}.running_var`, blend(variance, batch.variance, momentum * unbias));
      return batch.y;
    },
    relu: (input) => relu(input, rule),
    block: (body) => tf.tidy(body),
  };
}

/** (1 - momentum) x old + share x fresh, kept for the caller. */
function blend(old: tf.Tensor1D, fresh: tf.Tensor1D, share: number): tf.Tensor {
  return tf.keep(tf.tidy(() => tf.add(tf.mul(old, 1 - momentum), tf.mul(fresh, share))));
}

function parameterOf(state: State, name: string): tf.Tensor {
  const tensor = state.get(name);
  if (tensor === undefined) throw new Error(`the state has no '${name}'`);
  return tensor;
}
