import type { JsonObject } from '../../cache/json.ts';
import type { Facts } from '../../engine/contract/scalar.ts';
import type { RunTask } from '../../engine/contract/task-context.ts';
import type { FactsRequest, TaskKind } from '../../engine/contract/task-kind.ts';
import { modelNames } from '../../vision/models/catalogue.ts';
import { preprocessingSchema } from '../model/preprocessing-option.ts';
import type { EpochOptions } from './epochs.ts';
import { recipeSchema } from './recipe-schema.ts';
import { resolveTrain } from './resolve.ts';
import { rewindingProblem } from './rewinding-problem.ts';

/** Trains a model from scratch, or a checkpoint further: pruned weights stay zero. */
export const trainKind: TaskKind = {
  kind: 'train',
  summary: 'Trains a model from fresh weights, or a checkpoint with its pruned weights held at zero.',
  version: 2,
  options: {
    type: 'object',
    properties: {
      model: { enum: [...modelNames()], description: 'A model by name; or, as an input, a checkpoint.' },
      seed: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description: 'Of fresh weights, of the order of images and of what is done to them at random.',
      },
      recipe: recipeSchema,
      classes: {
        type: 'integer',
        minimum: 2,
        description:
          'Number of classes of the data, where the data set does not promise it; needed to know sparsities before the run.',
      },
      images: {
        type: 'integer',
        minimum: 1,
        description: 'Train on so many images, spread evenly. Default: all.',
      },
      from_epoch: {
        type: 'integer',
        minimum: 0,
        default: 0,
        description:
          "Leave out the recipe's first so many epochs: rates, order and changes of images go on there.",
      },
      to_epoch: {
        type: 'integer',
        minimum: 1,
        description: "Stop after so many of the recipe's epochs. Default: after all.",
      },
      preprocessing: preprocessingSchema,
    },
    required: ['model'],
    additionalProperties: false,
  },
  inputs: {
    model: { source: 'artifact', type: 'model', optional: true, summary: 'The checkpoint to go on from.' },
    rewind_to: {
      source: 'artifact',
      type: 'model',
      optional: true,
      summary: "An earlier checkpoint of 'model', whose weights are trained in place of its own; masks stay.",
    },
    data: { source: 'data', summary: 'Labelled images to train on.' },
    validation: {
      source: 'data',
      optional: true,
      summary: 'Labelled images to measure the trained model on.',
    },
  },
  outputs: {
    model: { type: 'model', summary: 'The trained model.' },
    scores: {
      type: 'scores',
      summary: 'Loss and accuracy of each epoch; accuracy on the validation images.',
    },
  },
  resources: { slots: 1 },
  resolve: resolveTrain,
  smoke: ({ to_epoch: _, ...options }) => ({
    ...options,
    images: 8,
    from_epoch: 0,
    recipe: {
      ...(options['recipe'] as JsonObject),
      epochs: 1,
      batch: 8,
      warmup: { kind: 'linear', epochs: 0, factor: 1 },
    },
  }),
  check: rewindingProblem,
  facts: (request) => {
    const facts = modelFacts(request);
    return { model: facts, scores: facts };
  },
  traits: (request) => {
    const { model } = modelFacts(request);
    const epochs = epochsTrained(request.options);
    const images = request.options['images'] ?? request.inputs['data']?.['images'];
    return {
      ...(model === undefined ? {} : { model }),
      ...(epochs === undefined ? {} : { epochs }),
      ...(typeof images === 'number' ? { images } : {}),
    };
  },
  load: async (): Promise<RunTask> => (await import('./run.ts')).runTrain,
};

function epochsTrained(options: JsonObject): number | undefined {
  const { from_epoch: from = 0, to_epoch: to } = options as Partial<EpochOptions>;
  const { epochs } = options['recipe'] as JsonObject;
  const end = to ?? epochs;
  return typeof end === 'number' ? end - from : undefined;
}

/** Name, classes and sparsity: a fresh model is dense, a checkpoint stays as sparse as it was. */
function modelFacts({ options, inputs }: FactsRequest): Facts {
  const name = options['model'];
  if (typeof name !== 'string') {
    const { model, classes, sparsity, masks } = inputs['model'] ?? {};
    return {
      ...(model === undefined ? {} : { model }),
      ...(classes === undefined ? {} : { classes }),
      ...(sparsity === undefined ? {} : { sparsity }),
      ...(masks === undefined ? {} : { masks }),
    };
  }
  const classes = options['classes'] ?? inputs['data']?.['classes'];
  return { model: name, ...(typeof classes === 'number' ? { classes } : {}), sparsity: 0 };
}
