import { tf } from '../tensors/index.ts';
import {
  cifarResNetBlocks,
  cifarResNetLayout,
  type CifarResNetBlock,
  type CifarResNetShape,
} from './cifar-resnet-layout.ts';
import { forwardThrough, type Stage } from './forward-stages.ts';
import type { Layers } from './layer-set.ts';
import type { Network } from './network.ts';

/**
 * A CIFAR ResNet (He et al. 2016, section 4.2) with option-A shortcuts: every second pixel, and zero channels added
 * half before, half after. Any input size. Stages: stem, layer1, layer2, layer3, head.
 */
export function buildCifarResNet(shape: CifarResNetShape, classes: number): Network {
  const layers = cifarResNetBlocks(shape).map((blocks, index): Stage => ({
    name: `layer${index + 1}`,
    run: (net, input) => blocks.reduce((map, block) => residual(net, block, map), input),
  }));
  const stages: readonly Stage[] = [{ name: 'stem', run: stem }, ...layers, { name: 'head', run: head }];
  return {
    entries: cifarResNetLayout(shape, classes),
    stages: stages.map((stage) => stage.name),
    taps: stages.map((stage) => stage.name),
    classes,
    forward: (request) => forwardThrough(stages, request),
  };
}

/** [batch, height, width, 3] -> [batch, height, width, base] */
function stem(net: Layers, input: tf.Tensor4D): tf.Tensor4D {
  return net.block(() => {
    const names = { convolution: 'conv1', norm: 'bn1' };
    return net.relu(net.normedConvolution(names, input, { stride: 1, padding: 1 }));
  });
}

/** [batch, h, w, 4 x base] -> [batch, classes] */
function head(net: Layers, input: tf.Tensor4D): tf.Tensor {
  return net.linear('linear', net.globalAveragePool(input)); // of [batch, 4 x base]
}

function residual(net: Layers, block: CifarResNetBlock, input: tf.Tensor4D): tf.Tensor4D {
  const { name, stride } = block;
  return net.block(() => {
    const first = { convolution: `${name}.conv1`, norm: `${name}.bn1` };
    const hidden = net.relu(net.normedConvolution(first, input, { stride, padding: 1 })); // [batch, h / stride, w / stride, output]
    const second = { convolution: `${name}.conv2`, norm: `${name}.bn2` };
    const branch = net.normedConvolution(second, hidden, { stride: 1, padding: 1 });
    return net.relu(net.add(branch, shortcut(net, block, input)));
  });
}

/**
 * Option A as one 1x1 convolution with a constant kernel of zeros and ones: it takes every second pixel and shifts the
 * channels, exactly, and its gradient is there on every backend (that of a strided slice is not).
 */
function shortcut(
  net: Layers,
  { stride, input: channels, output }: CifarResNetBlock,
  input: tf.Tensor4D,
): tf.Tensor4D {
  if (stride === 1 && channels === output) return input;
  const before = Math.floor((output - channels) / 2);
  const kernel = new Float32Array(channels * output);
  for (let channel = 0; channel < channels; channel += 1) kernel[channel * output + before + channel] = 1;
  // [batch, h, w, channels] -> [batch, ceil(h / stride), ceil(w / stride), output]
  return net.fixedConvolution(input, tf.tensor4d(kernel, [1, 1, channels, output]), {
    stride,
    padding: 0,
    dilation: 1,
  });
}
