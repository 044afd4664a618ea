import { globalMagnitude } from './global-magnitude.ts';
import type { PruningMethod } from './method.ts';
import { randomGlobal } from './random-global.ts';

/** Every way of pruning a study may name. */
export const pruningMethods: readonly PruningMethod[] = [globalMagnitude, randomGlobal];

export function pruningMethodNamed(name: string): PruningMethod | undefined {
  return pruningMethods.find((method) => method.name === name);
}
