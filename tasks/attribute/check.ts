import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { attributionMethodNamed } from '../../vision/attribution/methods.ts';
import type { AttributionMethod } from '../../vision/attribution/method.ts';
import { catalogue, describedModel } from '../../vision/models/catalogue.ts';
import type { ModelDescription } from '../../vision/models/model-entry.ts';
import { methodOf } from './options.ts';

type Check = NonNullable<TaskKind['check']>;
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

/** What a method and its options ask for that the model, or nobody, has. */
export const checkAttribute: Check = (request) => {
  const name = request.inputs['model']?.['model'];
  const model = typeof name === 'string' ? describedModel(name) : undefined;
  return unnamedBaseline(request) ?? (model === undefined ? undefined : lackOf(model, request));
};

function unnamedBaseline({ options }: Parameters<Check>[0]): ReturnType<Check> {
  if (options['baseline_kind'] !== 'image' || options['baseline_image'] !== '') return undefined;
  return {
    path: ['baseline_image'],
    message: 'baseline_kind: image wants the name of an image, and baseline_image is empty',
    hint: "as the data set names it: the file's path below the data set's folder",
  };
}

function lackOf(model: ModelDescription, { options }: Parameters<Check>[0]): ReturnType<Check> {
  const method = methodOf(options);
  const needs = attributionMethodNamed(method)?.needs;
  if (needs === undefined) return undefined;
  if (!hasWhat(needs, model)) {
    const able = catalogue.filter((each) => hasWhat(needs, each)).map((each) => each.name);
    return {
      path: ['method'],
      message: `${method} ${lacking[needs]} and ${model.name} has none`,
      hint: `models with one: ${able.join(', ')}`,
    };
  }
  if (needs === 'attention' && options['variant'] === 'authors' && model.attention === undefined)
    return {
      path: ['variant'],
      message: `the authors' code draws what a class token attends to, and ${model.name} has none`,
      hint: 'leave variant out: the published attention of windows is drawn',
    };
  return undefined;
}
