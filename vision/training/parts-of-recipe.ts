import type { Network } from '../models/network.ts';
import { flatParameters } from './flat-parameters.ts';
import { optimiserNamed } from './optimisers/registry.ts';
import type { OptimiserSettings } from './optimisers/optimiser.ts';
import type { TrainingParts } from './parts.ts';
import type { Recipe } from './recipe.ts';
import { decayOf } from './weight-decay.ts';

/** What a recipe makes of the programs that train a network. */
export function partsOf(network: Network, recipe: Recipe): TrainingParts {
  const decay = decayOf(network.entries, recipe);
  return {
    network,
    flat: flatParameters(network.entries),
    optimiser: optimiserNamed(recipe.optimizer.kind),
    settings: settingsOf(recipe),
    decay: typeof decay === 'number' ? decay : null,
    labelSmoothing: recipe.label_smoothing,
    longestGradient: recipe.clip_grad_norm,
    mixes: recipe.mixup > 0 || recipe.cutmix > 0,
  };
}

/** The optimiser's numbers, its own defaults filled in. */
function settingsOf({ optimizer, momentum, nesterov }: Recipe): OptimiserSettings {
  const { options } = optimiserNamed(optimizer.kind);
  const numbers = Object.entries(options).map(([name, option]) => {
    const given = optimizer[name];
    return [name, typeof given === 'number' ? given : option.default] as const;
  });
  return { momentum, nesterov, options: Object.fromEntries(numbers) };
}
