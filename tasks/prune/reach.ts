import type { JsonObject } from '../../cache/json.ts';
import type { OptionProblem } from '../../engine/contract/task-kind.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import { prunableEntries } from '../../vision/pruning/masks.ts';
import { entriesInScope, type ScopeResult } from '../../vision/pruning/scope.ts';
import { methodOf, scopeOf } from './options.ts';

/** The layers that a pruning may touch: those in scope that its method can prune. Or what of the options names none. */
export function reachedEntries(
  model: { readonly name: string; readonly entries: readonly StateEntry[] },
  options: JsonObject,
): { readonly kind: 'reached'; readonly entries: readonly StateEntry[] } | UnreachedProblem {
  const method = methodOf(options);
  const scope = scopeOf(options);
  const found = entriesInScope(model.entries, scope);
  if (found.kind !== 'scope') return { kind: 'unreached', problem: scopeProblem(model.name, found) };
  const all = prunableEntries(model.entries, scope.include);
  const entries = found.entries.filter((entry) => method.reaches?.(entry, { layers: all, options }) ?? true);
  if (entries.length > 0) return { kind: 'reached', entries };
  return {
    kind: 'unreached',
    problem: {
      path: ['method'],
      message: `there is no layer of ${model.name} in scope that ${method.name} could prune`,
      hint: `${method.name}: ${method.summary}`,
    },
  };
}

interface UnreachedProblem {
  readonly kind: 'unreached';
  readonly problem: OptionProblem;
}

const layersShown = 6;

function scopeProblem(model: string, wrong: Exclude<ScopeResult, { kind: 'scope' }>): OptionProblem {
  switch (wrong.kind) {
    case 'unknown-group':
      return { path: ['include'], message: `${model} has no ${wrong.group}`, hint: 'leave it out' };
    case 'unknown-layer': {
      const shown = wrong.layers.slice(0, layersShown).join(', ');
      const more = wrong.layers.length > layersShown ? `, … and ${wrong.layers.at(-1)!}` : '';
      return {
        path: ['exclude'],
        message: `'${wrong.pattern}' is no layer of ${model} that could be pruned`,
        hint: `its layers are ${shown}${more}`,
      };
    }
  }
}
