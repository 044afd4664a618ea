import { conv2d, globalAveragePool, layerNorm, linear, maxPool, relu, tf } from '../tensors/index.ts';
import type { Layers } from './layer-set.ts';
import type { ForwardRequest, State } from './network.ts';
import { foldedConvolution, normNamed, trainedNorm } from './normed-convolution.ts';

/** The layers of one pass. */
export function layersOf(request: ForwardRequest): Layers {
  const usual = usualLayers(request);
  return request.layers === undefined ? usual : request.layers(usual);
}

function usualLayers({ state, training, relu: rule = 'plain', tap }: ForwardRequest): Layers {
  const parameter = (name: string): tf.Tensor => parameterOf(state, name);
  return {
    parameter,
    normedConvolution: (names, input, { stride, padding, dilation = 1 }) => {
      const kernel = parameter(`${names.convolution}.weight`);
      const geometry = { stride, padding, dilation };
      const norm = normNamed(names.norm, parameter);
      if (training === undefined) return foldedConvolution(input, { kernel, norm, geometry });
      return trainedNorm(conv2d(input, kernel, geometry), norm, training.updates);
    },
    fixedConvolution: conv2d,
    maxPool,
    relu: (input) => relu(input, rule),
    add: (branch, shortcut) => tf.add(branch, shortcut),
    globalAveragePool,
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
