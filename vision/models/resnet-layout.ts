import { batchNormEntries, convolutionEntries, linearEntries } from './layout.ts';
import type { StateEntry } from './network.ts';

/** What distinguishes one ResNet from another (He et al. 2016, table 1). */
export interface ResNetShape {
  readonly block: 'basic' | 'bottleneck';
  /** Blocks in layer1 … layer4. */
  readonly layers: readonly [number, number, number, number];
  /** Channels of the stem and of layer1's 3x3 convolutions: 64 in the published models. */
  readonly base: number;
  /** Which of layer2 … layer4 keep their resolution and dilate instead. */
  readonly dilate: readonly [boolean, boolean, boolean];
}

/** One residual block, with its place in the state dict. */
export interface ResNetBlock {
  /** E.g. `layer3.0`. */
  readonly name: string;
  readonly input: number;
  /** Channels of the 3x3 convolution. */
  readonly width: number;
  readonly output: number;
  readonly stride: number;
  /** Of the 3x3 convolution that has the stride. */
  readonly dilation: number;
  /** Of the 3x3 convolution behind it, which basic blocks have. */
  readonly dilationBehind: number;
  /** Whether the shortcut is a 1x1 convolution with a norm, where shapes differ. */
  readonly downsample: boolean;
}

/** The residual blocks of layer1 … layer4. */
export function resnetBlocks(shape: ResNetShape): readonly (readonly ResNetBlock[])[] {
  const expansion = shape.block === 'basic' ? 1 : 4;
  let input = shape.base;
  let dilation = 1;
  return shape.layers.map((count, layer) => {
    const width = shape.base * 2 ** layer;
    const output = width * expansion;
    // As in torchvision, the convolution that would have had the stride still has the dilation of the stage before. What
    // comes behind it sees the finer map and dilates, so that every second cell is what the stride would have given;
    // basic blocks, which torchvision refuses to dilate, have such a convolution in their first block already.
    const previousDilation = dilation;
    let stride = layer === 0 ? 1 : 2;
    if (layer > 0 && shape.dilate[layer - 1]) {
      dilation *= stride;
      stride = 1;
    }
    return Array.from({ length: count }, (_, index): ResNetBlock => {
      const first = index === 0;
      const block = {
        name: `layer${layer + 1}.${index}`,
        input,
        width,
        output,
        stride: first ? stride : 1,
        dilation: first ? previousDilation : dilation,
        dilationBehind: dilation,
        downsample: first && (stride !== 1 || input !== output),
      };
      input = output;
      return block;
    });
  });
}

/** The state dict of a torchvision ResNet. */
export function resnetLayout(shape: ResNetShape, classes: number): StateEntry[] {
  const blocks = resnetBlocks(shape).flat();
  const features = blocks.at(-1)?.output ?? shape.base;
  return [
    ...convolutionEntries('conv1', shape.base, 3, 7),
    ...batchNormEntries('bn1', shape.base),
    ...blocks.flatMap((block) => blockEntries(shape.block, block)),
    ...linearEntries('fc', classes, features),
  ];
}

function blockEntries(kind: ResNetShape['block'], block: ResNetBlock): StateEntry[] {
  const { name, input, width, output } = block;
  const body =
    kind === 'basic'
      ? [
          ...convolutionEntries(`${name}.conv1`, width, input, 3),
          ...batchNormEntries(`${name}.bn1`, width),
          ...convolutionEntries(`${name}.conv2`, width, width, 3),
          ...batchNormEntries(`${name}.bn2`, width),
        ]
      : [
          ...convolutionEntries(`${name}.conv1`, width, input, 1),
          ...batchNormEntries(`${name}.bn1`, width),
          ...convolutionEntries(`${name}.conv2`, width, width, 3),
          ...batchNormEntries(`${name}.bn2`, width),
          ...convolutionEntries(`${name}.conv3`, output, width, 1),
          ...batchNormEntries(`${name}.bn3`, output),
        ];
  if (!block.downsample) return body;
  return [
    ...body,
    ...convolutionEntries(`${name}.downsample.0`, output, input, 1),
    ...batchNormEntries(`${name}.downsample.1`, output),
  ];
}
