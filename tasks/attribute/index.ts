import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { checkAttribute } from './check.ts';
import { attributeOptions, methodOf, ownOptions } from './options.ts';

/** Explains a model's decisions: one heatmap an image. */
export const attribute: TaskKind = {
  kind: 'attribute',
  summary: 'Makes a heatmap of each image: which pixels spoke for the class.',
  // 5: previews are spread over the images, tell the object's mask and the predicted class, and keep the order of their colours in grey.
  version: ({ previews }) => (previews === 0 ? 4 : 5),
  options: attributeOptions(),
  inputs: {
    model: { source: 'artifact', type: 'model', summary: 'The model to explain.' },
    data: { source: 'data', summary: 'Images; those of a data set with masks can be scored by `localise`.' },
  },
  outputs: {
    heatmaps: { type: 'heatmaps', keep: 'until-used', summary: 'One map an image.' },
    previews: { type: 'previews', summary: 'A few images with the map over them.' },
  },
  resources: { slots: 1 },
  resolve: ownOptions,
  smoke: (options) => ({
    ...options,
    images: 8,
    previews: 2,
    ...('steps' in options ? { steps: 1 } : {}),
    ...('samples' in options ? { samples: 1 } : {}),
  }),
  check: checkAttribute,
  facts: ({ options, inputs }) => {
    const facts = { ...inputs['model'], method: methodOf(options) };
    return { heatmaps: facts, previews: facts };
  },
  traits: ({ options, inputs }) => ({
    model: inputs['model']?.['model'] ?? '',
    method: methodOf(options),
    steps: Number(options['steps'] ?? options['samples'] ?? 1),
  }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runAttribute,
};
