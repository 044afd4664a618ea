import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import type { Optimiser } from './optimiser.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** Every optimiser a recipe may name. Loads no tensor code. */
export const optimisers: readonly Optimiser[] = [sgd, rmsprop, adam, adamw];

/** The optimiser so named; a recipe that was checked names no other. */
export function optimiserNamed(kind: string): Optimiser {
  const named = optimisers.find((optimiser) => optimiser.kind === kind);
  if (named === undefined) throw new Error(`no optimiser '${kind}'`);
  return named;
}
