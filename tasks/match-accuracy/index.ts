import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { asControl } from '../readings/control.ts';

/** A control: what a dense model scores that is right just as often. */
export const matchAccuracy: TaskKind = {
  kind: 'match-accuracy',
  summary: 'Hands on the scores of the dense model nearest in accuracy, to tell sparsity from accuracy.',
  version: 1,
  options: {
    type: 'object',
    properties: {
      metric: {
        type: 'string',
        minLength: 1,
        default: 'accuracy',
        description: 'What models are matched by, as the accuracy scores name it.',
      },
      tolerance: {
        type: 'number',
        minimum: 0,
        default: 0.02,
        description:
          'How far the accuracies may differ, in the unit of the metric (0.02 of a fraction are two points). Where no dense model is so near, nothing is compared.',
      },
    },
    additionalProperties: false,
  },
  inputs: {
    scores: { source: 'artifact', type: 'scores', summary: 'The scores of a pruned model that are doubted.' },
    accuracy: { source: 'artifact', type: 'scores', many: true, summary: 'The accuracy of that model: one.' },
    dense_accuracy: {
      source: 'artifact',
      type: 'scores',
      many: true,
      summary: 'The accuracies of dense models: the pool’s own, and less trained ones.',
    },
    dense_scores: {
      source: 'artifact',
      type: 'scores',
      many: true,
      summary:
        'The scores of the same dense models in the same order, measured as `scores` was. Those of other methods and sets are passed over.',
    },
  },
  outputs: { scores: { type: 'scores', summary: 'Those of the nearest dense model.' } },
  resources: { slots: 0, cpu: 1 },
  facts: ({ inputs }) => ({ scores: asControl({ ...inputs['scores'] }, 'equal-accuracy') }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runMatchAccuracy,
};
