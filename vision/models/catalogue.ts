import { resnetModels, type CifarResNetModel, type ResNetModel } from './resnet-models.ts';
import { swinV2Models, type SwinV2Model } from './swin-v2-models.ts';
import { vitModels, type VitModel } from './vit-models.ts';

/** A described model and the shape its family builds it from. */
export type CataloguedModel = ResNetModel | CifarResNetModel | VitModel | SwinV2Model;

/** Every model a study may name, without tensor code. `registry.ts` adds what builds them. */
export const catalogue: readonly CataloguedModel[] = [...resnetModels, ...vitModels, ...swinV2Models];

/** The description of the model so named, or undefined. */
export function describedModel(name: string): CataloguedModel | undefined {
  return catalogue.find((model) => model.name === name);
}

/** Names of all models, in the catalogue's order. */
export function modelNames(): readonly string[] {
  return catalogue.map((model) => model.name);
}
