import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { oodSets } from '../../vision/ood/sets.ts';

/** Sets a model's decisions beside those of people on the same images. */
export const compareHumans: TaskKind = {
  kind: 'compare-humans',
  summary:
    'Compares decisions with those of people on the same images: error consistency, accuracy difference.',
  version: 2,
  options: {
    type: 'object',
    properties: {
      set: {
        enum: oodSets.map(({ name }) => name),
        description: 'The set that the model decided on, as `evaluate` names it.',
      },
      conditions: {
        enum: ['all', 'benchmark'],
        default: 'all',
        description:
          "Which conditions count. benchmark: as the published benchmark, without the undistorted images and without conditions in which people's accuracy is below a fifth.",
      },
    },
    required: ['set'],
    additionalProperties: false,
  },
  inputs: {
    decisions: { source: 'artifact', type: 'scores', summary: 'What `evaluate` made of the set.' },
    humans: { source: 'data', partOption: 'set', summary: 'What people decided (`human-decisions`).' },
  },
  outputs: {
    scores: {
      type: 'scores',
      summary:
        'Likeness to people, image by image, and how right people are; comparison.json beside it has conditions and the baseline.',
    },
  },
  resources: { slots: 0, cpu: 1 },
  facts: ({ inputs }) => ({ scores: { ...inputs['decisions'] } }),
  check: ({ options, inputs }) => {
    const decided = inputs['decisions']?.['set'];
    const set = options['set'] as string;
    if (decided === undefined || decided === set) return undefined;
    return {
      path: ['set'],
      message: `the decisions are on ${decided}, not on ${set}`,
      hint: 'take the set of the decisions: set: "${{ matrix.set }}"',
    };
  },
  load: async (): Promise<RunTask> => (await import('./run.ts')).runCompareHumans,
};
