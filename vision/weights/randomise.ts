import type { InitialRule } from '../models/initialise.ts';
import type { StateEntry } from '../models/network.ts';
import { maskedValues, type Masks } from '../pruning/masks.ts';
import { freshState } from './fresh-state.ts';
import { float32Tensor, toFloat32 } from './raw-tensor.ts';
import type { StateDict } from './state-dict.ts';

export interface RandomiseRequest {
  readonly state: StateDict;
  readonly entries: readonly StateEntry[];
  readonly initialisation: InitialRule;
  /** Pruned weights stay zero. Undefined: never pruned. */
  readonly masks: Masks | undefined;
  readonly seed: number;
  /** How many layers are drawn anew, from the logits downwards; undefined: all. */
  readonly layers?: number | undefined;
}

/**
 * A model that has forgotten what it learned: weights drawn anew as before training, whole, or cascading from the top
 * (Adebayo et al. 2018, section 3). A map that it gives as well shows the image and not the model.
 */
export function randomisedState(request: RandomiseRequest): StateDict {
  const { state, entries, initialisation, masks, seed, layers } = request;
  const chosen = layers === undefined ? undefined : topEntries(entries, layers);
  const fresh = freshState({ entries, initialisation, seed });
  return new Map(
    [...state].map(([name, before]) => {
      const drawn = fresh.get(name);
      if (drawn === undefined || chosen?.has(name) === false) return [name, before];
      const mask = masks?.get(name);
      return [
        name,
        mask === undefined ? drawn : float32Tensor(drawn.shape, maskedValues(toFloat32(drawn), mask)),
      ];
    }),
  );
}

/**
 * The entries of the uppermost `layers` convolutions and linear layers, in torchvision's order of the state, and of the
 * norms between and above them.
 */
function topEntries(entries: readonly StateEntry[], layers: number): ReadonlySet<string> {
  const weighed = entries.filter(({ role }) => role === 'convolution' || role === 'linear');
  const modules = [...new Set(weighed.map(({ name }) => moduleOf(name)))];
  const lowest = modules.at(-layers);
  // More than there are: everything, also what stands below the first layer.
  const first = lowest === undefined ? 0 : entries.findIndex(({ name }) => moduleOf(name) === lowest);
  return new Set(entries.slice(first).map(({ name }) => name));
}

function moduleOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}
