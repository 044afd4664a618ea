import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';

/** Decides at which sparsities each model scores better than its dense self. */
export const sweetSpots: TaskKind = {
  kind: 'sweet-spots',
  summary: 'Decides, for each score of each model, at which sparsities it beats the dense model.',
  version: 3,
  options: {
    type: 'object',
    properties: {
      confidence: {
        type: 'number',
        exclusiveMinimum: 0.5,
        exclusiveMaximum: 1,
        default: 0.95,
        description: 'Share of the resampled gains that the interval over images holds.',
      },
      resamples: {
        type: 'integer',
        minimum: 100,
        maximum: 100000,
        default: 1000,
        description: 'How often the images are drawn anew (paired bootstrap).',
      },
      correction: {
        enum: ['none', 'bonferroni'],
        default: 'none',
        description:
          'bonferroni widens the intervals so that the confidence holds for all sparsities of a score together.',
      },
      seed: { type: 'integer', minimum: 0, default: 0, description: 'Of the resampling.' },
      seed_axes: {
        type: 'array',
        items: { type: 'string' },
        default: ['seed'],
        description: 'Axes of the study that repeat the same training.',
      },
    },
    additionalProperties: false,
  },
  inputs: {
    scores: {
      source: 'artifact',
      type: 'scores',
      many: true,
      summary: 'Scores of the pool, dense models among them.',
    },
    controls: {
      source: 'artifact',
      type: 'scores',
      many: true,
      optional: true,
      summary:
        'The same scores of controls: of `randomise`d models, of shuffled masks, of `match-accuracy`. Sweet spots that fail one are marked.',
    },
  },
  outputs: {
    table: {
      type: 'table',
      summary: 'One row for each score and sparsity; sweet-spots.json beside it has all figures.',
    },
  },
  anytime: true,
  resources: { slots: 0, cpu: 1 },
  smoke: (options) => ({ ...options, resamples: 100 }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runSweetSpots,
};
