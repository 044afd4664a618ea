import { cifarResNetLayout, type CifarResNetShape } from './cifar-resnet-layout.ts';
import { fanInRule, fanOutRule } from './initial-resnet.ts';
import type { ModelConfig, ModelDescription } from './model-entry.ts';
import { cifar, imagenet } from './preprocessing.ts';
import { resnetLayout, type ResNetShape } from './resnet-layout.ts';

export interface ResNetModel extends ModelDescription {
  readonly family: 'resnet';
  readonly shape: (config: ModelConfig) => ResNetShape;
}

export interface CifarResNetModel extends ModelDescription {
  readonly family: 'cifar-resnet';
  readonly shape: (config: ModelConfig) => CifarResNetShape;
}

/** The ResNets of the catalogue: torchvision's, and those for 32x32 images. */
export const resnetModels: readonly (ResNetModel | CifarResNetModel)[] = [
  resnet('resnet18', 'basic', [2, 2, 2, 2]),
  resnet('resnet34', 'basic', [3, 4, 6, 3]),
  resnet('resnet50', 'bottleneck', [3, 4, 6, 3]),
  cifarResNet('resnet8', 1),
  cifarResNet('resnet14', 2),
  cifarResNet('resnet20', 3),
  cifarResNet('resnet32', 5),
  cifarResNet('resnet44', 7),
  cifarResNet('resnet56', 9),
];

function resnet(name: string, block: ResNetShape['block'], layers: ResNetShape['layers']): ResNetModel {
  const shape = (config: ModelConfig): ResNetShape => ({
    block,
    layers,
    base: 64,
    dilate: [false, false, (config.dilation ?? 1) > 1],
  });
  return {
    family: 'resnet',
    name,
    shape,
    layout: (config) => resnetLayout(shape(config), config.classes),
    initialisation: fanOutRule,
    torchvision: ({ classes }) => `torchvision.models.${name}(num_classes=${classes})`,
    camStage: 'layer4',
    lost: { stage: 'layer4', patch: 32, dilates: true },
    propagatesRelevance: true,
    preprocessing: imagenet,
    recipe: 'imagenet-resnet',
  };
}

function cifarResNet(name: string, blocks: number): CifarResNetModel {
  const shape = (): CifarResNetShape => ({ layers: [blocks, blocks, blocks], base: 16 });
  return {
    family: 'cifar-resnet',
    name,
    shape,
    layout: (config) => cifarResNetLayout(shape(), config.classes),
    initialisation: fanInRule,
    camStage: 'layer3',
    lost: { stage: 'layer3', patch: 4 },
    propagatesRelevance: true,
    preprocessing: cifar,
    recipe: 'cifar',
  };
}
