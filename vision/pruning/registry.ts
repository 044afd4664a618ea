import { filterNorm } from './filter-norm.ts';
import { globalMagnitude } from './global-magnitude.ts';
import { layerMagnitude } from './layer-magnitude.ts';
import { layerRandom } from './layer-random.ts';
import type { PruningMethod } from './method.ts';
import { nOfM } from './n-m.ts';
import { randomGlobal } from './random-global.ts';
import { snip } from './snip.ts';
import { taylor } from './taylor.ts';

/** Every way of pruning a study may name. */
export const pruningMethods: readonly PruningMethod[] = [
  globalMagnitude,
  randomGlobal,
  layerMagnitude,
  layerRandom,
  snip,
  taylor,
  nOfM,
  filterNorm,
];

export function pruningMethodNamed(name: string): PruningMethod | undefined {
  return pruningMethods.find((method) => method.name === name);
}
