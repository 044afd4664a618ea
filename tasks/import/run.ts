import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import type { WeightsFailure } from '../../vision/weights/failure.ts';
import type { RawTensors } from '../../vision/weights/raw-tensor.ts';
import { readSafetensors } from '../../vision/weights/safetensors.ts';
import { fitStateDict } from '../../vision/weights/state-dict.ts';
import { readTorchFile } from '../../vision/weights/torch-file.ts';
import { withPreprocessing } from '../model/preprocessing-option.ts';
import { writeStoredModel } from '../model/stored-model.ts';
import { classNames, type ImportOptions } from './options.ts';

/** Reads a checkpoint file, fits it to the model named, and stores it. */
export async function runImport(context: TaskContext): Promise<void> {
  const { file, model, classes: given, sha256, preprocessing } = context.options as unknown as ImportOptions;
  const path = resolve(context.studyDir, file);
  const bytes = await readFile(path);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== (sha256 ?? context.identity['sha256'] ?? digest))
    throw new TaskError('data-changed', `${path} was changed while the run went on; run again`);

  const description = describedModel(model);
  if (description === undefined) throw new Error(`no model '${model}'`);
  const classes = classNames(given);
  const config = { classes: classes.length };
  const entries = description.layout(config);
  const read = await readCheckpoint(bytes);
  const fitted = read.kind === 'read' ? fitStateDict(read.tensors, entries) : read;
  if (fitted.kind !== 'fits') throw new TaskError('task', `${path}: ${fitted.detail}`);

  await writeStoredModel(context.output('model'), {
    description,
    config,
    classes,
    preprocessing: withPreprocessing(description.preprocessing, preprocessing),
    entries,
    state: fitted.state,
    masks: undefined,
    trained: { imported: digest },
  });
  context.stateFacts('model', { model: description.name, classes: classes.length, sparsity: 0 });
}

/** By content, whatever the file's name: a zip or a pickle is PyTorch's, all else should be safetensors. */
async function readCheckpoint(
  bytes: Uint8Array,
): Promise<{ readonly kind: 'read'; readonly tensors: RawTensors } | WeightsFailure> {
  const isTorch = bytes[0] === 0x80 || (bytes[0] === 0x50 && bytes[1] === 0x4b);
  return isTorch ? readTorchFile(bytes) : readSafetensors(bytes);
}
