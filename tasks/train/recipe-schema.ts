import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import { recipes } from '../../vision/training/recipes.ts';

const factor = { type: 'number', exclusiveMinimum: 0, maximum: 1 };
const range = { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 2, maxItems: 2 };

/** A recipe as a study writes it: a name to start from, and fields that replace the named recipe's. */
export const recipeSchema: JsonSchema = {
  type: 'object',
  default: {},
  description:
    "How to train. Starts from the recipe named, else from the checkpoint's own, else from the model's; each field given replaces that field.",
  properties: {
    name: { enum: Object.keys(recipes), description: 'The recipe to start from.' },
    epochs: { type: 'integer', minimum: 1, description: 'Passes over the data.' },
    batch: { type: 'integer', minimum: 1, description: 'Images in a step.' },
    learning_rate: { type: 'number', exclusiveMinimum: 0, description: 'At the end of the warm-up.' },
    momentum: { type: 'number', minimum: 0, exclusiveMaximum: 1, description: 'Of the velocity.' },
    nesterov: { type: 'boolean', description: "Nesterov's momentum." },
    weight_decay: { type: 'number', minimum: 0, description: 'L2 penalty on every parameter.' },
    schedule: {
      description: 'How the learning rate falls, once an epoch.',
      oneOf: [
        variant('constant', {}),
        variant('step', { every: { type: 'integer', minimum: 1 }, factor }),
        variant('multistep', { at: { type: 'array', items: { type: 'integer', minimum: 1 } }, factor }),
        variant('exponential', { factor }),
        variant('cosine', { minimum: { type: 'number', minimum: 0 } }),
      ],
    },
    warmup: {
      description: 'The first epochs: constant at, or linear from, factor times the learning rate.',
      oneOf: [
        variant('linear', { epochs: { type: 'integer', minimum: 0 }, factor }),
        variant('constant', { epochs: { type: 'integer', minimum: 0 }, factor }),
      ],
    },
    label_smoothing: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of the target spread over all classes.',
    },
    crop: {
      description:
        'How training images are cut out: as in evaluation, moved within a padding, or a random window.',
      oneOf: [
        variant('centre', {}),
        variant('padded', { padding: { type: 'integer', minimum: 1 } }),
        variant('resized', { scale: range, ratio: range }),
      ],
    },
    flip: { type: 'boolean', description: 'Mirrors every second image at random.' },
  },
  additionalProperties: false,
};

function variant(kind: string, fields: { readonly [name: string]: JsonSchema }): JsonSchema {
  return {
    type: 'object',
    properties: { kind: { const: kind }, ...fields },
    required: ['kind', ...Object.keys(fields)],
    additionalProperties: false,
  };
}
