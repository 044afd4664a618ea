import type { JsonObject } from '../../cache/json.ts';
import type { ResolvedOptions } from '../../engine/contract/task-kind.ts';
import type { PruningAmount } from '../../vision/pruning/amount.ts';
import { pruningMethodNamed } from '../../vision/pruning/registry.ts';

/** A fifth of what is left, as in the lottery-ticket experiments (Frankle and Carbin 2019). */
const usualFraction = 0.2;

/** Settles the amount; a seed that the method does not read is left out of the key. */
export function resolvePrune(options: JsonObject): ResolvedOptions {
  const { fraction, count, seed, ...rest } = options;
  if (fraction !== undefined && count !== undefined)
    return {
      kind: 'invalid',
      path: ['count'],
      message: 'a fraction and a count contradict each other',
      hint: 'give one of them',
    };
  const amount = count === undefined ? { fraction: fraction ?? usualFraction } : { count };
  const { method: name } = options;
  const method = typeof name === 'string' ? pruningMethodNamed(name) : undefined;
  return {
    kind: 'resolved',
    options: { ...rest, ...amount, ...(method?.seeded === true && seed !== undefined ? { seed } : {}) },
  };
}

/** The amount of resolved options. */
export function amountOf({ fraction, count }: JsonObject): PruningAmount {
  if (typeof count === 'number') return { kind: 'count', count };
  if (typeof fraction === 'number') return { kind: 'fraction', fraction };
  throw new Error('the amount to prune was not resolved');
}
