export type { ModelConfig, ModelEntry, Preprocessing } from './model-entry.ts';
export type { ForwardRequest, Network, State, StateEntry } from './network.ts';
