import { cifarResNetLayout, type CifarResNetShape } from './cifar-resnet-layout.ts';
import type { ModelConfig, ModelDescription, Preprocessing } from './model-entry.ts';
import { resnetLayout, type ResNetShape } from './resnet-layout.ts';

/** A described model and the shape its family builds it from. */
export type CataloguedModel = ModelDescription &
  (
    | { readonly family: 'resnet'; readonly shape: (config: ModelConfig) => ResNetShape }
    | { readonly family: 'cifar-resnet'; readonly shape: (config: ModelConfig) => CifarResNetShape }
  );

const mean = [0.485, 0.456, 0.406] as const;
const std = [0.229, 0.224, 0.225] as const;
const imagenet: Preprocessing = { resize: 256, crop: 224, interpolation: 'bilinear', mean, std };
const cifar: Preprocessing = { crop: 32, interpolation: 'bilinear', mean, std };

/** Every model a study may name, without tensor code. `registry.ts` adds what builds them. */
export const catalogue: readonly CataloguedModel[] = [
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

/** The description of the model so named, or undefined. */
export function describedModel(name: string): CataloguedModel | undefined {
  return catalogue.find((model) => model.name === name);
}

/** Names of all models, in the catalogue's order. */
export function modelNames(): readonly string[] {
  return catalogue.map((model) => model.name);
}

function resnet(name: string, block: ResNetShape['block'], layers: ResNetShape['layers']): CataloguedModel {
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
    initialisation: 'fan-out',
    camStage: 'layer4',
    lost: { stage: 'layer4', patch: 32 },
    preprocessing: imagenet,
    recipe: 'imagenet-resnet',
  };
}

function cifarResNet(name: string, blocks: number): CataloguedModel {
  const shape = (): CifarResNetShape => ({ layers: [blocks, blocks, blocks], base: 16 });
  return {
    family: 'cifar-resnet',
    name,
    shape,
    layout: (config) => cifarResNetLayout(shape(), config.classes),
    initialisation: 'fan-in',
    camStage: 'layer3',
    lost: { stage: 'layer3', patch: 4 },
    preprocessing: cifar,
    recipe: 'cifar',
  };
}
