import type { Facts } from '../../engine/contract/scalar.ts';
import type { RunTask } from '../../engine/contract/task-context.ts';
import type { FactsRequest, TaskKind } from '../../engine/contract/task-kind.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import { prunableTotal } from '../../vision/models/layout.ts';
import { sparsityAfter } from '../../vision/pruning/amount.ts';
import { pruningMethods } from '../../vision/pruning/registry.ts';
import { amountOf, resolvePrune } from './amount-option.ts';

/** Masks part of a model's weights: they are zero from here on. */
export const pruneKind: TaskKind = {
  kind: 'prune',
  summary: 'Masks a share of the weights that are left; they stay zero in every later training.',
  version: 1,
  options: {
    type: 'object',
    properties: {
      method: {
        enum: pruningMethods.map(({ name }) => name),
        default: 'global-magnitude',
        description: pruningMethods.map(({ name, summary }) => `${name}: ${summary}`).join('. '),
      },
      fraction: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        description: 'Share of the weights that are left, rounded half to even. 0.2 where no count is given.',
      },
      count: { type: 'integer', minimum: 0, description: 'Number of weights, in place of a fraction.' },
      seed: { type: 'integer', minimum: 0, default: 0, description: 'Of methods that choose at random.' },
    },
    additionalProperties: false,
  },
  inputs: { model: { source: 'artifact', type: 'model', summary: 'The model to prune.' } },
  outputs: { model: { type: 'model', summary: 'The same model with more weights masked, not retrained.' } },
  resources: { slots: 0, cpu: 1 },
  resolve: resolvePrune,
  facts: (request) => ({ model: prunedFacts(request) }),
  traits: ({ inputs }): Facts => {
    const model = inputs['model']?.['model'];
    return model === undefined ? {} : { model };
  },
  load: async (): Promise<RunTask> => (await import('./run.ts')).runPrune,
};

/** The input's facts with the sparsity that the rounding rule gives; exact, and known wherever the model is. */
function prunedFacts({ options, inputs }: FactsRequest): Facts {
  const { sparsity, ...facts } = inputs['model'] ?? {};
  const { model, classes } = facts;
  const described = typeof model === 'string' ? describedModel(model) : undefined;
  if (described === undefined || typeof classes !== 'number' || typeof sparsity !== 'number') return facts;
  const total = prunableTotal(described.layout({ classes }));
  const left = total - Math.round(sparsity * total);
  const amount = amountOf(options);
  // More than is left: the run will say so.
  if (amount.kind === 'count' && amount.count > left) return facts;
  return { ...facts, sparsity: sparsityAfter(total, sparsity, amount) };
}
