import type { tf } from '../tensors/index.ts';
import { forwardThrough, type Stage } from './forward-stages.ts';
import type { Layers } from './layer-set.ts';
import type { Network } from './network.ts';
import { resnetBlocks, resnetLayout, type ResNetBlock, type ResNetShape } from './resnet-layout.ts';

/**
 * A ResNet as torchvision defines it (He et al. 2016; in bottlenecks the stride is on the 3x3 convolution, known as
 * v1.5). Any input of at least 32x32 pixels. Stages: stem, pool, layer1 … layer4, head.
 */
export function buildResNet(shape: ResNetShape, classes: number): Network {
  const body = shape.block === 'basic' ? basicBody : bottleneckBody;
  const layers = resnetBlocks(shape).map((blocks, index): Stage => ({
    name: `layer${index + 1}`,
    // Channels double and sides halve from one stage to the next.
    run: (net, input) => blocks.reduce((map, block) => residual(net, block, body, map), input),
  }));
  const stages: readonly Stage[] = [
    { name: 'stem', run: stem },
    { name: 'pool', run: pool },
    ...layers,
    { name: 'head', run: head },
  ];
  return {
    entries: resnetLayout(shape, classes),
    stages: stages.map((stage) => stage.name),
    taps: stages.map((stage) => stage.name),
    classes,
    forward: (request) => forwardThrough(stages, request),
  };
}

/** [batch, height, width, 3] -> [batch, height / 2, width / 2, base] */
function stem(net: Layers, input: tf.Tensor4D): tf.Tensor4D {
  return net.block(() => {
    const names = { convolution: 'conv1', norm: 'bn1' };
    return net.relu(net.normedConvolution(names, input, { stride: 2, padding: 3 }));
  });
}

/** [batch, h, w, base] -> [batch, h / 2, w / 2, base] */
function pool(net: Layers, input: tf.Tensor4D): tf.Tensor4D {
  return net.maxPool(input, { size: 3, stride: 2, padding: 1 });
}

/** [batch, h, w, features] -> [batch, classes] */
function head(net: Layers, input: tf.Tensor4D): tf.Tensor {
  return net.linear('fc', net.globalAveragePool(input)); // of [batch, features]
}

type Body = (net: Layers, block: ResNetBlock, input: tf.Tensor4D) => tf.Tensor4D;

function residual(net: Layers, block: ResNetBlock, body: Body, input: tf.Tensor4D): tf.Tensor4D {
  return net.block(() => {
    const branch = body(net, block, input); // [batch, h / stride, w / stride, output]
    return net.relu(net.add(branch, shortcut(net, block, input)));
  });
}

function shortcut(net: Layers, { name, stride, downsample }: ResNetBlock, input: tf.Tensor4D): tf.Tensor4D {
  if (!downsample) return input;
  const names = { convolution: `${name}.downsample.0`, norm: `${name}.downsample.1` };
  return net.normedConvolution(names, input, { stride, padding: 0 });
}

function basicBody(
  net: Layers,
  { name, stride, dilation, dilationBehind }: ResNetBlock,
  input: tf.Tensor4D,
): tf.Tensor4D {
  const first = { stride, padding: dilation, dilation };
  const second = { stride: 1, padding: dilationBehind, dilation: dilationBehind };
  const hidden = net.relu(net.normedConvolution(layer(name, 1), input, first)); // [batch, h / stride, w / stride, width]
  return net.normedConvolution(layer(name, 2), hidden, second);
}

function bottleneckBody(
  net: Layers,
  { name, stride, dilation }: ResNetBlock,
  input: tf.Tensor4D,
): tf.Tensor4D {
  const pointwise = { stride: 1, padding: 0 };
  const narrow = net.relu(net.normedConvolution(layer(name, 1), input, pointwise)); // [batch, h, w, width]
  const spatial = { stride, padding: dilation, dilation };
  const seen = net.relu(net.normedConvolution(layer(name, 2), narrow, spatial)); // [batch, h / stride, w / stride, width]
  return net.normedConvolution(layer(name, 3), seen, pointwise); // [batch, h / stride, w / stride, output]
}

function layer(block: string, index: 1 | 2 | 3): { convolution: string; norm: string } {
  return { convolution: `${block}.conv${index}`, norm: `${block}.bn${index}` };
}
