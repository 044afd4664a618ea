import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { localisationMetrics } from '../../vision/localisation/metrics.ts';
import { poolings } from '../../vision/localisation/pooling.ts';

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
    },
    additionalProperties: false,
  },
  inputs: {
    heatmaps: { source: 'artifact', type: 'heatmaps', summary: 'Maps made by `attribute`.' },
    data: { source: 'data', summary: 'The same data set, for its masks.' },
  },
  outputs: { scores: { type: 'scores', summary: 'One value an image for each metric.' } },
  resources: { slots: 0, cpu: 1 },
  facts: ({ inputs }) => ({ scores: { ...inputs['heatmaps'] } }),
  traits: ({ inputs }) => ({ method: inputs['heatmaps']?.['method'] ?? '' }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runLocalise,
};
