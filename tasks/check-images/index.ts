import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';

/** Decodes every image of a data set once, and tells all that cannot be. */
export const checkImages: TaskKind = {
  kind: 'check-images',
  summary: 'Lists the images of a data set that are damaged or none, before a training meets the first.',
  version: 1,
  options: { type: 'object', properties: {}, additionalProperties: false },
  inputs: { data: { source: 'data', summary: 'The images, read as their data set says.' } },
  outputs: {
    table: { type: 'table', summary: 'One row for each image that cannot be read; none is the best result.' },
  },
  resources: { slots: 0, cpu: 1 },
  load: async (): Promise<RunTask> => (await import('./run.ts')).runCheckImages,
};
