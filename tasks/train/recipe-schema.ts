import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import type { Optimiser } from '../../vision/training/optimisers/optimiser.ts';
import { optimisers } from '../../vision/training/optimisers/registry.ts';
import { recipes } from '../../vision/training/recipes.ts';

const factor = { type: 'number', exclusiveMinimum: 0, maximum: 1 };
const shareOfBeta = { type: 'number', minimum: 0 };
const ownDecay = { type: ['number', 'null'], minimum: 0 };
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
    batch: {
      type: 'integer',
      minimum: 1,
      description: 'Images that are trained on together; times accumulate, those of a step.',
    },
    accumulate: { type: 'integer', minimum: 1, description: 'Batches to a step. Usually 1.' },
    micro_batch: {
      type: ['integer', 'null'],
      minimum: 1,
      description:
        'Images in one pass, where a batch takes too much memory; batch norms then see fewer. Null: the whole batch.',
    },
    optimizer: {
      description: optimisers.map(({ kind, summary }) => `${kind}: ${summary}`).join('. '),
      oneOf: optimisers.map(optimiserVariant),
    },
    learning_rate: { type: 'number', exclusiveMinimum: 0, description: 'At the end of the warm-up.' },
    momentum: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      description: "Of sgd's and rmsprop's velocity.",
    },
    nesterov: { type: 'boolean', description: "Nesterov's momentum, of sgd." },
    weight_decay: {
      type: 'number',
      minimum: 0,
      description: 'L2 penalty on every parameter; with adamw, apart from the gradient.',
    },
    norm_weight_decay: { ...ownDecay, description: 'Of norms alone. Null: as of all.' },
    bias_weight_decay: { ...ownDecay, description: 'Of biases alone. Null: as of all.' },
    embedding_weight_decay: {
      ...ownDecay,
      description: 'Of class tokens and embeddings alone. Null: as of all.',
    },
    clip_grad_norm: {
      type: ['number', 'null'],
      exclusiveMinimum: 0,
      description: 'Longest gradient, by the norm of all of it. Null: any.',
    },
    schedule: {
      description: 'How the learning rate falls, once an epoch.',
      oneOf: [
        variant('constant', {}),
        variant('step', { every: { type: 'integer', minimum: 1 }, factor }),
        variant('multistep', { at: { type: 'array', items: { type: 'integer', minimum: 1 } }, factor }),
        variant('exponential', { factor }),
        variant('cosine', { minimum: { type: 'number', minimum: 0 } }),
        {
          ...variant('last', {}),
          description:
            'Fine-tuning: constant at the rate with which the recipe that this one starts from ends.',
        },
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
    mixup: {
      ...shareOfBeta,
      description: "Blends two images: alpha of the shares' Beta distribution. 0: off.",
    },
    cutmix: {
      ...shareOfBeta,
      description:
        'Puts a box of one image into another: alpha likewise. With mixup, one of both a batch. 0: off.',
    },
    ema: {
      type: ['object', 'null'],
      properties: {
        decay: {
          type: 'number',
          minimum: 0,
          exclusiveMaximum: 1,
          description:
            'As torchvision gives it: 1 - min(1, (1 - decay) x images of a step x every / epochs) is kept.',
        },
        every: { type: 'integer', minimum: 1, description: 'Steps from update to update.' },
      },
      required: ['decay', 'every'],
      additionalProperties: false,
      description: 'A moving average of the weights, which are the result in their place. Null: none.',
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
    augmentation: {
      description: 'A policy that changes tones and geometry of an image at random.',
      oneOf: [
        variant('none', {}),
        variant('auto-augment', {}),
        variant('rand-augment', {
          operations: { type: 'integer', minimum: 1 },
          magnitude: { type: 'integer', minimum: 0, maximum: 30 },
        }),
        variant('trivial-augment-wide', {}),
      ],
    },
    random_erasing: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: 'Probability that a rectangle of an image is erased. 0: off.',
    },
    repeats: {
      type: 'integer',
      minimum: 1,
      description:
        'How often an image stands in an epoch, each time changed otherwise; an epoch keeps its size, and sees fewer images. 1: off.',
    },
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

/** An optimiser by its kind; its own numbers have defaults. */
function optimiserVariant({ kind, options }: Optimiser): JsonSchema {
  const numbers = Object.entries(options).map(([name, option]) => [name, { ...option }] as const);
  return {
    type: 'object',
    properties: { kind: { const: kind }, ...Object.fromEntries(numbers) },
    required: ['kind'],
    additionalProperties: false,
  };
}
