import { catalogue, type CataloguedModel } from './catalogue.ts';
import { buildCifarResNet } from './cifar-resnet.ts';
import type { ModelEntry } from './model-entry.ts';
import { buildResNet } from './resnet.ts';
import { buildSwinV2 } from './swin-v2.ts';
import { buildVit } from './vit.ts';

/** The model so named, with what builds it; undefined where there is none (`modelNames()` lists them). */
export function modelNamed(name: string): ModelEntry | undefined {
  const described = catalogue.find((model) => model.name === name);
  return described && withBuilder(described);
}

function withBuilder(model: CataloguedModel): ModelEntry {
  switch (model.family) {
    case 'resnet':
      return { ...model, build: (config) => buildResNet(model.shape(config), config.classes) };
    case 'cifar-resnet':
      return { ...model, build: (config) => buildCifarResNet(model.shape(config), config.classes) };
    case 'vit':
      return { ...model, build: (config) => buildVit(model.shape(config), config.classes) };
    case 'swin-v2':
      return { ...model, build: (config) => buildSwinV2(model.shape(config), config.classes) };
  }
}
