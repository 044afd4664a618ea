import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { attributionMethodNamed } from '../../vision/attribution/methods.ts';
import type { AttributionMethod } from '../../vision/attribution/method.ts';
import type { ModelDescription } from '../../vision/models/model-entry.ts';
import { catalogue, describedModel } from '../../vision/models/catalogue.ts';
import { attributeOptions, methodOf, ownOptions } from './options.ts';

type Need = NonNullable<AttributionMethod['needs']>;

/** What a method needs of a model, in words. */
const lacking: Readonly<Record<Need, string>> = {
  attention: 'shows what is attended to in the last attention,',
  'class-attention': 'shows what a class token attends to,',
  relevance: 'propagates relevance by rules of each layer,',
};

function hasWhat(need: Need, model: ModelDescription): boolean {
  switch (need) {
    case 'attention':
      return model.attention !== undefined || model.windowAttention !== undefined;
    case 'class-attention':
      return model.attention !== undefined;
    case 'relevance':
      return model.propagatesRelevance === true;
  }
}

/** Explains a model's decisions: one heatmap an image. */
export const attribute: TaskKind = {
  kind: 'attribute',
  summary: 'Makes a heatmap of each image: which pixels spoke for the class.',
  version: 4,
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
  check: ({ options, inputs }) => {
    const name = inputs['model']?.['model'];
    const needs = attributionMethodNamed(methodOf(options))?.needs;
    const described = typeof name === 'string' ? describedModel(name) : undefined;
    if (needs === undefined || described === undefined || hasWhat(needs, described)) return undefined;
    const able = catalogue.filter((model) => hasWhat(needs, model)).map((model) => model.name);
    return {
      path: ['method'],
      message: `${methodOf(options)} ${lacking[needs]} and ${described.name} has none`,
      hint: `models with one: ${able.join(', ')}`,
    };
  },
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
