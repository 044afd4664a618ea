import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { localisationMetrics } from '../../vision/localisation/metrics.ts';
import { poolings } from '../../vision/localisation/pooling.ts';
import { asControl } from '../readings/control.ts';

/** Scores how much of each heatmap lies on the object. */
export const localise: TaskKind = {
  kind: 'localise',
  summary: 'Scores how well heatmaps find the object (RMA, RRA, pointing games).',
  version: 1,
  options: {
    type: 'object',
    properties: {
      metrics: {
        type: 'array',
        items: { enum: localisationMetrics.map((metric) => metric.name) },
        minItems: 1,
        uniqueItems: true,
        default: ['rma', 'rra'],
        description: localisationMetrics.map((metric) => `${metric.name}: ${metric.summary}`).join('; '),
      },
      pooling: {
        enum: ['auto', ...poolings],
        default: 'auto',
        description:
          'How channels become one relevance a pixel. auto: l2-norm,sq for maps with channels, min-max for maps without.',
      },
      void: {
        enum: ['background', 'ignored'],
        default: 'background',
        description: 'What the void border of a mask counts as.',
      },
      margin: {
        type: 'number',
        minimum: 0,
        default: 0,
        description:
          'Of the pointing game: by how many pixels of the map the point may miss the object (15 in the paper, on images of their own size).',
      },
      truth: {
        type: 'string',
        minLength: 1,
        default: 'any',
        description:
          "What counts as the object: `any` foreground; `label` or `target`: what is of the image's own class, or of the class that was explained (needs `model`); the name of a class; or `objects`, each scored by itself.",
      },
      masks: {
        enum: ['own', 'shuffled'],
        default: 'own',
        description: "shuffled: each map against another image's mask, as a control.",
      },
      shuffle_seed: { type: 'integer', minimum: 0, default: 0, description: 'Which images swap masks.' },
    },
    additionalProperties: false,
  },
  inputs: {
    heatmaps: { source: 'artifact', type: 'heatmaps', summary: 'Maps made by `attribute`.' },
    data: { source: 'data', summary: 'The same data set, for its masks.' },
    model: {
      source: 'artifact',
      type: 'model',
      optional: true,
      summary: 'The model explained, for the names of its classes (`truth: target`).',
    },
  },
  outputs: { scores: { type: 'scores', summary: 'One value an image for each metric.' } },
  resources: { slots: 0, cpu: 1 },
  check: ({ options, inputs }) => {
    if (options['truth'] === 'target' && inputs['model'] === undefined)
      return {
        path: ['truth'],
        message: 'truth: target asks for the names of the classes explained, which the model has',
        hint: 'model: "${{ … }}", the same that `attribute` took',
      };
    if (options['truth'] === 'objects' && options['masks'] === 'shuffled')
      return {
        path: ['masks'],
        message: 'objects of other images are not those of this one: there is nothing to compare them with',
        hint: 'shuffle the masks of whole images (truth: any)',
      };
    return undefined;
  },
  facts: ({ options, inputs }) => {
    const facts = { ...inputs['heatmaps'] };
    return { scores: options['masks'] === 'shuffled' ? asControl(facts, 'shuffled-masks') : facts };
  },
  traits: ({ inputs }) => ({ method: inputs['heatmaps']?.['method'] ?? '' }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runLocalise,
};
