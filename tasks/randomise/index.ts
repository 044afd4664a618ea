import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { asControl } from '../readings/control.ts';

/** A control: the same architecture and masks without what was learned. */
export const randomise: TaskKind = {
  kind: 'randomise',
  summary: 'Draws the weights of a model anew and keeps its masks: a control for what is said of the model.',
  version: 1,
  options: {
    type: 'object',
    properties: {
      layers: {
        type: 'integer',
        minimum: 1,
        description: 'How many layers are drawn anew, from the logits downwards. Default: all.',
      },
      seed: { type: 'integer', minimum: 0, default: 0, description: 'Of the drawing.' },
    },
    additionalProperties: false,
  },
  inputs: { model: { source: 'artifact', type: 'model', summary: 'The model that was trained.' } },
  outputs: { model: { type: 'model', summary: 'Its pruned architecture with weights as before training.' } },
  resources: { slots: 0, cpu: 1 },
  facts: ({ inputs }) => ({ model: asControl({ ...inputs['model'] }, 'randomised-weights') }),
  traits: ({ inputs }) => ({ model: inputs['model']?.['model'] ?? '' }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runRandomise,
};
