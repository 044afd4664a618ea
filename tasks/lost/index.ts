import type { RunTask } from '../../engine/contract/task-context.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import type { LostChoice } from '../../vision/models/model-entry.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';

/** Finds one object an image without labels, by LOST. */
export const lost: TaskKind = {
  kind: 'lost',
  summary: "Finds an object in each image from the model's features alone (LOST).",
  version: 2,
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
    const { features: wanted } = options as { readonly features: 'default' | LostChoice };
    if (typeof name !== 'string' || wanted === 'default') return undefined;
    if (describedModel(name)?.lost.others?.[wanted] !== undefined) return undefined;
    return { path: ['features'], message: `${name} has no ${wanted} to look at`, hint: 'leave it out' };
  },
  smoke: (options) => ({ ...options, images: 8 }),
  facts: ({ inputs }) => ({ boxes: { ...inputs['model'], method: 'lost' } }),
  traits: ({ inputs }) => ({ model: inputs['model']?.['model'] ?? '' }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runLost,
};
