import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { methodOf, objection } from './options.ts';
import type { LostOptions } from './options.ts';

/** Finds one object an image without labels, by LOST. */
export const lost: TaskKind = {
  kind: 'lost',
  summary: "Finds an object in each image from the model's features alone (LOST).",
  version: 3,
  options: {
    type: 'object',
    properties: {
      dilation: {
        enum: [1, 2],
        default: 1,
        description:
          'Dilation of the last stage: 2 doubles the resolution of the features where the model can.',
      },
      features: {
        enum: ['default', 'keys', 'queries', 'values'],
        default: 'default',
        description:
          "What of the model is looked at: its own default (the last map, a vision transformer's keys), or a transformer's keys, queries or values.",
      },
      variant: {
        enum: ['paper', 'authors'],
        default: 'paper',
        description:
          "`authors` looks at what the paper's own code does: for vision transformers not the keys but the last attention's input, in the wrong order. To compare with their figures.",
      },
      k: {
        type: 'integer',
        minimum: 1,
        default: 100,
        description: 'How many patches of lowest degree may join the seed.',
      },
      resize: {
        type: 'integer',
        minimum: 8,
        description:
          "Shorter side to which images are resized first, for models of small images. Default: the image's own size.",
      },
      images: {
        type: 'integer',
        minimum: 1,
        description: 'At most so many images, spread evenly over the data set. Default: all.',
      },
    },
    additionalProperties: false,
  },
  inputs: {
    model: { source: 'artifact', type: 'model', summary: 'The model whose features are looked at.' },
    data: { source: 'data', summary: 'Images; those of a data set with boxes can be scored by `corloc`.' },
  },
  outputs: { boxes: { type: 'boxes', summary: 'One box an image.' } },
  resources: { slots: 1 },
  check: ({ options, inputs }) => {
    const name = inputs['model']?.['model'];
    return typeof name === 'string' ? objection(name, options as unknown as LostOptions) : undefined;
  },
  smoke: (options) => ({ ...options, images: 8 }),
  facts: ({ options, inputs }) => ({
    boxes: { ...inputs['model'], method: methodOf(options as unknown as LostOptions) },
  }),
  traits: ({ inputs }) => ({ model: inputs['model']?.['model'] ?? '' }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runLost,
};
