import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';

/** Lays a model out for use elsewhere. */
export const exportKind: TaskKind = {
  kind: 'export',
  summary: 'A model as a folder for PyTorch: weights, masks, classes, preprocessing, and how to load them.',
  version: 1,
  options: {
    type: 'object',
    properties: {
      pth: {
        type: 'boolean',
        default: false,
        description: "Also in torch.save's format: model.pth, and masks.pth where pruned.",
      },
    },
    additionalProperties: false,
  },
  inputs: { model: { source: 'artifact', type: 'model', summary: 'The model to export.' } },
  outputs: {
    files: {
      type: 'files',
      summary: 'model.safetensors, model.json, masks where pruned, load.py, README.md; .pth files if wanted.',
    },
  },
  resources: { slots: 0, cpu: 1 },
  facts: ({ inputs }) => ({ files: { ...inputs['model'] } }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runExport,
};
