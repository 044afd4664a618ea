import type { JsonObject } from '../../cache/json.ts';
import type { Facts } from '../../engine/contract/scalar.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import { prunableEntries } from '../../vision/pruning/masks.ts';
import { denseLayer, standingOf, withPart, type Standing } from '../../vision/pruning/standing.ts';
import { standingFromFacts } from './masks-fact.ts';
import { amountOf, methodOf, scopeOf } from './options.ts';
import { reachedEntries } from './reach.ts';

/**
 * The standing of a model's masks after a pruning, from what is known before: what the plan promises, and what the run
 * compares its masks with. Undefined where the options name layers that are not there.
 */
export function foretell(
  model: { readonly name: string; readonly entries: readonly StateEntry[]; readonly facts: Facts },
  options: JsonObject,
): Standing | undefined {
  const before = standingFromFacts(model.facts, model.entries);
  const reached = reachedEntries(model, options);
  if (before === undefined || reached.kind !== 'reached') return undefined;
  const whole = withIncluded(before, model.entries, scopeOf(options).include);
  const part = standingOf(whole, new Set(reached.entries.map(({ name }) => name)));
  const after = methodOf(options).standingAfter(part, { amount: amountOf(options), options });
  return withPart(whole, after);
}

/** With the entries of optional groups that are included now, in the model's order. */
function withIncluded(before: Standing, entries: readonly StateEntry[], groups: readonly string[]): Standing {
  const known = new Map(before.layers.map((layer) => [layer.name, layer]));
  const added = new Set(prunableEntries(entries, groups).map(({ name }) => name));
  const layers = entries
    .filter(({ name }) => known.has(name) || added.has(name))
    .map((entry) => known.get(entry.name) ?? denseLayer(entry));
  return { ...before, layers };
}
