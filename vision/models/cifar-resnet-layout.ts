import { batchNormEntries, convolutionEntries, linearEntries } from './layout.ts';
import type { StateEntry } from './network.ts';

/** A ResNet for 32x32 images (He et al. 2016, section 4.2): depth 6n + 2, three stages of n basic blocks. */
export interface CifarResNetShape {
  /** Blocks in layer1 … layer3. */
  readonly layers: readonly [number, number, number];
  /** Channels of the stem and of layer1: 16 in the paper. */
  readonly base: number;
}

export interface CifarResNetBlock {
  readonly name: string;
  readonly input: number;
  readonly output: number;
  readonly stride: number;
}

/** The residual blocks of layer1 … layer3. */
export function cifarResNetBlocks(shape: CifarResNetShape): readonly (readonly CifarResNetBlock[])[] {
  let input = shape.base;
  return shape.layers.map((count, layer) => {
    const output = shape.base * 2 ** layer;
    return Array.from({ length: count }, (_, index): CifarResNetBlock => {
      const block = {
        name: `layer${layer + 1}.${index}`,
        input,
        output,
        stride: layer > 0 && index === 0 ? 2 : 1,
      };
      input = output;
      return block;
    });
  });
}

/** The state dict, named as in the checkpoints that are in common use. Shortcuts (option A) have no parameters. */
export function cifarResNetLayout(shape: CifarResNetShape, classes: number): StateEntry[] {
  return [
    ...convolutionEntries('conv1', shape.base, 3, 3),
    ...batchNormEntries('bn1', shape.base),
    ...cifarResNetBlocks(shape)
      .flat()
      .flatMap(({ name, input, output }) => [
        ...convolutionEntries(`${name}.conv1`, output, input, 3),
        ...batchNormEntries(`${name}.bn1`, output),
        ...convolutionEntries(`${name}.conv2`, output, output, 3),
        ...batchNormEntries(`${name}.bn2`, output),
      ]),
    ...linearEntries('linear', classes, shape.base * 4),
  ];
}
