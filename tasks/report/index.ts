import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { figureNames } from './figures/names.ts';

/** Puts a study's results on one page. */
export const report: TaskKind = {
  kind: 'report',
  summary: 'One self-contained HTML page with the figures of a study.',
  version: 10,
  options: {
    type: 'object',
    properties: {
      title: { type: 'string', default: 'Sweet spots of pruning', description: 'Heading of the page.' },
      description: {
        type: 'string',
        default: '',
        description: 'A paragraph under the heading: what is asked, of which models.',
      },
      figures: {
        type: 'array',
        items: { enum: [...figureNames] },
        uniqueItems: true,
        default: [...figureNames],
        description: 'Figures to show. One whose inputs are missing is left out.',
      },
      heatmap_images: {
        type: 'integer',
        minimum: 1,
        maximum: 24,
        default: 3,
        description: 'How many images the heatmap figure shows: the first of each class.',
      },
      heatmap_ids: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        uniqueItems: true,
        default: [],
        description:
          'Names of the images that the heatmap figure shows instead, of those that are drawn (`previews` of `attribute`).',
      },
      heatmap_columns: {
        type: 'integer',
        minimum: 2,
        maximum: 40,
        default: 9,
        description: 'How many sparsities the heatmap figure shows at most, spread evenly over the pool.',
      },
      seed_axes: {
        type: 'array',
        items: { type: 'string' },
        default: ['seed'],
        description: 'Axes of the study that repeat the same training: drawn as one line with a band.',
      },
    },
    additionalProperties: false,
  },
  inputs: {
    scores: {
      source: 'artifact',
      type: 'scores',
      many: true,
      summary:
        'Scores of the pool: accuracy, localisation, object discovery, sets. Those of controls are told apart.',
    },
    previews: {
      source: 'artifact',
      type: 'previews',
      many: true,
      optional: true,
      summary: 'Images and heatmaps drawn over them.',
    },
    tables: {
      source: 'artifact',
      type: 'table',
      many: true,
      optional: true,
      summary:
        'Tables to show; that of sweet-spots becomes figures. Without one, sweet spots are decided here by the same rule.',
    },
    models: {
      source: 'artifact',
      type: 'model',
      many: true,
      optional: true,
      summary: 'Checkpoints, for what their training says of itself.',
    },
  },
  anytime: true,
  outputs: { page: { type: 'page', summary: 'report.html' } },
  resources: { slots: 0, cpu: 1 },
  load: async (): Promise<RunTask> => (await import('./run.ts')).runReport,
};
