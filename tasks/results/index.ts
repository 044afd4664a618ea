import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';

/** All scores of a study as one table, for a spreadsheet or a script. */
export const results: TaskKind = {
  kind: 'results',
  summary: 'One row for each score and sparsity: mean, interval over images, seeds, what was left out.',
  version: 2,
  options: {
    type: 'object',
    properties: {
      confidence: {
        type: 'number',
        exclusiveMinimum: 0.5,
        exclusiveMaximum: 1,
        default: 0.95,
        description: 'Share of the resampled means that the interval holds.',
      },
      resamples: {
        type: 'integer',
        minimum: 100,
        maximum: 100000,
        default: 1000,
        description: 'How often the images are drawn anew.',
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
    scores: { source: 'artifact', type: 'scores', many: true, summary: 'Any scores, controls among them.' },
  },
  anytime: true,
  outputs: {
    table: {
      type: 'table',
      summary: 'table.json, the same as results.csv, and every single value in scores.parquet.',
    },
  },
  resources: { slots: 0, cpu: 1 },
  smoke: (options) => ({ ...options, resamples: 100 }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runResults,
};
