export { describedModel, modelNames, type CataloguedModel } from './catalogue.ts';
export { initialValues } from './initialise.ts';
export { isParameter, prunableTotal, sizeOf } from './layout.ts';
export type {
  Initialisation,
  ModelConfig,
  ModelDescription,
  ModelEntry,
  Preprocessing,
} from './model-entry.ts';
export type { ForwardRequest, Network, State, StateEntry } from './network.ts';
