import { modelNamed } from '../../../vision/models/registry.ts';
import type { ModelConfig } from '../../../vision/models/model-entry.ts';
import type { Network, State } from '../../../vision/models/network.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { stateToTensors } from '../../../vision/weights/state.ts';

/** A small model of the catalogue with fresh weights, no part of which is silent: zero weights are drawn too. */
export function liveNetwork(
  name: string,
  config: Omit<ModelConfig, 'classes'> = {},
): { readonly network: Network; readonly state: State } {
  const entry = modelNamed(name)!;
  const network = entry.build({ classes: 5, ...config });
  const { initialisation } = entry;
  const state = new Map(
    stateToTensors(freshState({ entries: network.entries, initialisation, seed: 1 }), network.entries),
  );
  network.entries.forEach(({ name: key, role }, index) => {
    if (role !== 'linear') return;
    const { shape } = state.get(key)!;
    state.set(key, tf.randomNormal(shape, 0, 1 / Math.sqrt(shape[0]), 'float32', index));
  });
  return { network, state };
}
