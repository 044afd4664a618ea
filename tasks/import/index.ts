import { resolve as resolvePath } from 'node:path';
import type { RunTask } from '../../engine/contract/task-context.ts';
import type { Identity, IdentifyRequest, TaskKind } from '../../engine/contract/task-kind.ts';
import { modelNames } from '../../vision/models/catalogue.ts';
import { preprocessingSchema } from '../model/preprocessing-option.ts';
import { classNames, type ImportOptions } from './options.ts';
import { statementSchema } from './statement.ts';

/** Brings a checkpoint from elsewhere into a study. */
export const importKind: TaskKind = {
  kind: 'import',
  summary:
    'Reads a checkpoint of PyTorch (.pth, .th, old or new format) or a safetensors file, without executing anything.',
  version: 1,
  options: {
    type: 'object',
    properties: {
      file: { type: 'string', minLength: 1, description: "The checkpoint, relative to the study's folder." },
      model: { enum: [...modelNames()], description: 'Which model its weights are of.' },
      classes: {
        oneOf: [
          { type: 'integer', minimum: 2 },
          { type: 'array', items: { type: 'string' }, minItems: 2, uniqueItems: true },
        ],
        description:
          'Names of the classes in the order of the logits; or their number, and they are called 0, 1, …',
      },
      sha256: {
        type: 'string',
        pattern: '^[0-9a-f]{64}$',
        description: 'What the file must be; another file is refused before anything runs.',
      },
      key: {
        type: 'string',
        minLength: 1,
        maxLength: 200,
        description:
          'Where in a training checkpoint the weights lie, `model_ema` say; else they are found under the usual names, or at the top.',
      },
      masks: {
        enum: ['none', 'file', 'zeros'],
        default: 'none',
        description:
          'none: the checkpoint is dense. file: it has the masks of torch.nn.utils.prune (weight_orig, weight_mask). zeros: every prunable weight that is exactly zero is masked.',
      },
      preprocessing: preprocessingSchema,
      sparsity: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        description:
          'Share of the prunable weights that are masked, exactly as the file was found to have it: so that it is known before the file is read. Another share is an error.',
      },
      stated: statementSchema,
    },
    required: ['file', 'model', 'classes'],
    additionalProperties: false,
  },
  inputs: {},
  outputs: { model: { type: 'model', summary: 'The checkpoint as a model.' } },
  resources: { slots: 0, cpu: 1 },
  identify,
  facts: ({ options }) => {
    const { model, classes, masks, sparsity } = options as unknown as ImportOptions;
    // How much is masked, only the file tells, and whoever has looked.
    const promised = masks === 'none' ? { sparsity: 0 } : sparsity === undefined ? {} : { sparsity };
    return { model: { model, classes: classNames(classes).length, ...promised } };
  },
  traits: ({ options }) => ({ model: (options as unknown as ImportOptions).model }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runImport,
};

/** The file counts by its content. Laid elsewhere it is read anew, and gives the same model: all that follows is reused. */
async function identify({ options, studyDir, digestOfFile }: IdentifyRequest): Promise<Identity> {
  const { file, sha256: expected } = options as unknown as ImportOptions;
  const path = resolvePath(studyDir, file);
  let sha256: string;
  try {
    sha256 = await digestOfFile(file);
  } catch (error) {
    const { message } = error as Error;
    return { kind: 'unusable', message: `the checkpoint ${path} cannot be read: ${message}` };
  }
  if (expected !== undefined && sha256 !== expected)
    return {
      kind: 'unusable',
      message: `the checkpoint ${path} is another file: its SHA-256 is ${sha256}`,
      hint: `the study expects ${expected}`,
    };
  return { kind: 'identified', identity: { sha256 } };
}
