import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { classMapNames } from '../../vision/ood/class-map.ts';

/** Asks a model for the class of each image. */
export const evaluate: TaskKind = {
  kind: 'evaluate',
  summary:
    'Scores decisions: accuracy on a labelled set, or on an out-of-distribution set through a class map.',
  // 3: the shape bias of a class map counts only conflicts between categories that the map can choose.
  version: (options) => {
    const set = options['set'];
    return set === undefined || set === 'cue-conflict' ? 3 : 2;
  },
  options: {
    type: 'object',
    properties: {
      set: {
        type: 'string',
        minLength: 1,
        description: 'Which set of a data set of several, e.g. `rotation`.',
      },
      class_map: {
        oneOf: [
          { enum: [...classMapNames] },
          {
            type: 'object',
            minProperties: 1,
            additionalProperties: { type: 'array', items: { type: 'string' }, minItems: 1 },
          },
        ],
        default: 'auto',
        description:
          "How the model's classes answer for the set's. auto: none where the names agree, else ImageNet's or CIFAR-10's map to the 16 categories. identity: common names alone. Or a mapping of categories to lists of the model's classes.",
      },
      images: {
        type: 'integer',
        minimum: 1,
        description: 'At most so many images, spread evenly over the set. Default: all.',
      },
      batch: {
        type: 'integer',
        minimum: 1,
        default: 64,
        description: 'Images that go through the model together.',
      },
    },
    additionalProperties: false,
  },
  inputs: {
    model: { source: 'artifact', type: 'model', summary: 'The model that decides.' },
    data: { source: 'data', partOption: 'set', summary: 'Labelled images.' },
  },
  outputs: {
    scores: { type: 'scores', summary: 'Right or wrong for each image; decisions.json beside it says what.' },
  },
  resources: { slots: 1 },
  smoke: (options) => ({ ...options, images: 8 }),
  facts: ({ options, inputs }) => {
    const set = options['set'];
    return { scores: { ...inputs['model'], ...(typeof set === 'string' ? { set } : {}) } };
  },
  traits: ({ inputs }) => ({ model: inputs['model']?.['model'] ?? '' }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runEvaluate,
};
