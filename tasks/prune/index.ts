import type { Facts } from '../../engine/contract/scalar.ts';
import type { RunTask } from '../../engine/contract/task-context.ts';
import type { FactsRequest, OptionProblem, TaskKind } from '../../engine/contract/task-kind.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import { foretell } from './foretell.ts';
import { factsFromStanding } from './masks-fact.ts';
import { methodOf, pruneOptions, resolvePrune } from './options.ts';
import { reachedEntries } from './reach.ts';

/** Masks part of a model's weights: they are zero from here on. */
export const pruneKind: TaskKind = {
  kind: 'prune',
  summary: 'Masks a share of the weights that are left; they stay zero in every later training.',
  version: 1,
  options: pruneOptions(),
  inputs: {
    model: { source: 'artifact', type: 'model', summary: 'The model to prune.' },
    data: {
      source: 'data',
      optional: true,
      summary: 'Labelled images, for methods that look at gradients (snip, taylor).',
    },
  },
  outputs: { model: { type: 'model', summary: 'The same model with more weights masked, not retrained.' } },
  resources: (options) => (methodOf(options).scoring === undefined ? { slots: 0, cpu: 1 } : { slots: 1 }),
  resolve: resolvePrune,
  smoke: (options) =>
    methodOf(options).scoring === undefined ? options : { ...options, batch: 8, batches: 1 },
  check: problemOf,
  facts: (request) => ({ model: prunedFacts(request) }),
  traits: ({ options, inputs }): Facts => {
    const model = inputs['model']?.['model'];
    const method = methodOf(options);
    return {
      ...(model === undefined ? {} : { model }),
      ...(method.scoring === undefined ? {} : { method: method.name }),
    };
  },
  load: async (): Promise<RunTask> => (await import('./run.ts')).runPrune,
};

/** What only shows when the method, the model and the data meet. */
function problemOf({ options, inputs }: FactsRequest): OptionProblem | undefined {
  const method = methodOf(options);
  const wrong = method.problem?.(options);
  if (wrong !== undefined) return { path: [wrong.option], message: wrong.message, hint: wrong.hint };
  const { model: facts = {}, data } = inputs;
  if (method.scoring !== undefined && data === undefined)
    return {
      path: ['data'],
      message: `${method.name} looks at labelled images, and has no data`,
      hint: 'data: "${{ data.train }}"',
    };
  const model = knownModel(facts);
  if (model === undefined) return undefined;
  const classes = data?.['classes'];
  if (method.scoring !== undefined && typeof classes === 'number' && classes !== facts['classes'])
    return {
      path: ['data'],
      message: `the model tells ${String(facts['classes'])} classes apart, the data has ${classes}`,
      hint: 'give the data that the model was trained on',
    };
  const reached = reachedEntries(model, options);
  return reached.kind === 'unreached' ? reached.problem : undefined;
}

/** The input's facts with the sparsity that the method's rule gives: exact where it is known at all. */
function prunedFacts({ options, inputs }: FactsRequest): Facts {
  const { sparsity: _sparsity, masks: _masks, ...facts } = inputs['model'] ?? {};
  const model = knownModel(inputs['model'] ?? {});
  const standing = model && foretell(model, options);
  return standing === undefined ? facts : { ...facts, ...factsFromStanding(standing, model!.entries) };
}

/** A model whose layers are known at plan time. */
function knownModel(
  facts: Facts,
): { readonly name: string; readonly entries: readonly StateEntry[]; readonly facts: Facts } | undefined {
  const { model: name, classes } = facts;
  const described = typeof name === 'string' ? describedModel(name) : undefined;
  if (described === undefined || typeof classes !== 'number') return undefined;
  return { name: described.name, entries: described.layout({ classes }), facts };
}
