import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { defaultRule } from './rule.ts';

/** Decides at which sparsities each model scores better than its dense self. */
export const sweetSpots: TaskKind = {
  kind: 'sweet-spots',
  summary: 'Decides, for each score of each model, at which sparsities it beats the dense model.',
  version: 4,
  options: {
    type: 'object',
    properties: {
      confidence: {
        type: 'number',
        exclusiveMinimum: 0.5,
        exclusiveMaximum: 1,
        default: defaultRule.confidence,
        description:
          'Of the two-sided intervals: a gain that is none passes with half of what is missing to 1.',
      },
      resamples: {
        type: 'integer',
        minimum: 100,
        maximum: 100000,
        default: defaultRule.resamples,
        description: 'How often the images are drawn anew (paired bootstrap).',
      },
      correction: {
        enum: ['max-t', 'bonferroni', 'none'],
        default: defaultRule.correction,
        description:
          'What makes the confidence hold for all sparsities of a score together: max-t judges them jointly, bonferroni by their number; none judges each by itself.',
      },
      over_seeds: {
        enum: ['interval', 'spread'],
        default: defaultRule.over_seeds,
        description:
          'interval: a gain has to be clear of chance over images and trainings together. spread: over images, and larger than the standard deviation of the single seeds (weaker).',
      },
      seed: { type: 'integer', minimum: 0, default: defaultRule.seed, description: 'Of what is drawn.' },
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
