import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import { FileSource, type ByteSource } from '../../vision/weights/byte-source.ts';
import { constantsProblem } from '../../vision/weights/constants.ts';
import type { WeightsFailure } from '../../vision/weights/failure.ts';
import { readSafetensors } from '../../vision/weights/safetensors.ts';
import { fitStateDict } from '../../vision/weights/state-dict.ts';
import type { StoredTensors } from '../../vision/weights/stored-tensor.ts';
import { readTorchFile } from '../../vision/weights/torch-file.ts';
import { digestOfFile } from '../digest-of-file.ts';
import { withPreprocessing } from '../model/preprocessing-option.ts';
import { writeStoredModel } from '../model/stored-model.ts';
import { classNames, type ImportOptions } from './options.ts';

/** Fits a checkpoint file to the model named, and stores it, one tensor after the other. */
export async function runImport(context: TaskContext): Promise<void> {
  const { file, model, classes: given, sha256, preprocessing } = context.options as unknown as ImportOptions;
  const path = resolve(context.studyDir, file);
  const before = await stampOf(path);
  const digest = await digestOfFile(path);
  const changed = new TaskError('data-changed', `${path} was changed while the run went on; run again`);
  if (digest !== (sha256 ?? context.identity['sha256'] ?? digest)) throw changed;

  const description = describedModel(model);
  if (description === undefined) throw new Error(`no model '${model}'`);
  const classes = classNames(given);
  const config = { classes: classes.length };
  const entries = description.layout(config);
  await using checkpoint = await FileSource.open(path);
  const read = await readCheckpoint(checkpoint);
  const fitted = read.kind === 'read' ? fitStateDict(read.tensors, entries) : read;
  if (fitted.kind !== 'fits') throw new TaskError('task', `${path}: ${fitted.detail}`);
  const problem = await constantsProblem(fitted.state, entries);
  if (problem !== undefined) throw new TaskError('task', `${path}: ${problem.detail}`);

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
  // The tensors were read after the whole was hashed.
  if ((await stampOf(path)) !== before) throw changed;
  context.stateFacts('model', { model: description.name, classes: classes.length, sparsity: 0 });
}

/** By content, whatever the file's name: a zip or a pickle is PyTorch's, all else should be safetensors. */
async function readCheckpoint(
  file: ByteSource,
): Promise<{ readonly kind: 'read'; readonly tensors: StoredTensors } | WeightsFailure> {
  const [first, second] = await file.read(0, Math.min(2, file.size));
  const isTorch = first === 0x80 || (first === 0x50 && second === 0x4b);
  return isTorch ? readTorchFile(file) : readSafetensors(file);
}

/** What changes when a file is written to, or another takes its place. */
async function stampOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
