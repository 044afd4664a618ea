import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';

/** Matches found boxes with the annotated ones. */
export const corloc: TaskKind = {
  kind: 'corloc',
  summary: 'Scores found boxes: CorLoc (a hit for any object at the IoU threshold) and mean IoU.',
  version: 2,
  options: {
    type: 'object',
    properties: {
      threshold: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.5,
        description: 'IoU from which a box counts as a hit.',
      },
      hard: {
        enum: ['keep', 'drop'],
        default: 'keep',
        description:
          'Whether objects marked as truncated or difficult count. Images left without objects are left out.',
      },
      previews: {
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 6,
        description: 'How many images are drawn with their boxes for the report.',
      },
    },
    additionalProperties: false,
  },
  inputs: {
    boxes: { source: 'artifact', type: 'boxes', summary: 'Boxes found by `lost`.' },
    data: { source: 'data', summary: 'The same data set, for its annotated boxes.' },
  },
  outputs: {
    scores: { type: 'scores', summary: 'A hit or miss and an IoU for each image.' },
    previews: {
      type: 'previews',
      summary: 'A few images with the found box (orange) and the annotated ones (white, dashed).',
    },
  },
  resources: { slots: 0, cpu: 1 },
  smoke: (options) => ({ ...options, previews: 2 }),
  facts: ({ inputs }) => ({ scores: { ...inputs['boxes'] }, previews: { ...inputs['boxes'] } }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runCorloc,
};
