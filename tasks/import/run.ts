import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import type { ModelConfig, ModelDescription } from '../../vision/models/model-entry.ts';
import { sparsityOf } from '../../vision/pruning/masks.ts';
import { FileSource } from '../../vision/weights/byte-source.ts';
import { digestOfFile } from '../digest-of-file.ts';
import { withPreprocessing } from '../model/preprocessing-option.ts';
import { writeStoredModel } from '../model/stored-model.ts';
import { readImport, type ImportedCheckpoint } from './imported-checkpoint.ts';
import { classNames, type ImportOptions } from './options.ts';
import { contradiction, statedFacts } from './statement.ts';

/** Fits a checkpoint file to the model named, and stores it, one tensor after the other. */
export async function runImport(context: TaskContext): Promise<void> {
  const options = context.options as unknown as ImportOptions;
  const path = resolve(context.studyDir, options.file);
  const before = await stampOf(path);
  const digest = await digestOfFile(path);
  const changed = new TaskError('data-changed', `${path} was changed while the run went on; run again`);
  if (digest !== (options.sha256 ?? context.identity['sha256'] ?? digest)) throw changed;

  const description = describedModel(options.model);
  if (description === undefined) throw new Error(`no model '${options.model}'`);
  const classes = classNames(options.classes);
  const preprocessing = withPreprocessing(description.preprocessing, options.preprocessing);
  const config = configFor(description, { classes: classes.length, side: preprocessing.crop });
  const entries = description.layout(config);
  await using file = await FileSource.open(path);
  const imported = await readImport(file, { options, entries, classes: classes.length });
  if (imported.kind !== 'imported') throw new TaskError('task', `${path}: ${imported.detail}`);
  sayWhatWasDone(context, imported);

  const { state, masks } = imported;
  const sparsity = masks === undefined ? 0 : sparsityOf(masks).sparsity;
  const wrong = contradiction(options, sparsity);
  if (wrong !== undefined) throw new TaskError('task', `${path}: ${wrong} (\`masks: ${options.masks}\`)`);
  const trained = {
    imported: digest,
    ...(options.key === undefined ? {} : { key: options.key }),
    ...statedFacts(options.stated ?? {}),
  };
  await writeStoredModel(context.output('model'), {
    description,
    config,
    classes,
    preprocessing,
    entries,
    state,
    masks,
    trained,
  });
  // The tensors were read after the whole was hashed.
  if ((await stampOf(path)) !== before) throw changed;
  context.stateFacts('model', { model: description.name, classes: classes.length, sparsity });
}

/** A model with position embeddings gets them for the images that it will see: PyTorch's then takes these, and no others. */
function configFor(
  { layout, preprocessing }: ModelDescription,
  { classes, side }: { readonly classes: number; readonly side: number },
): ModelConfig {
  const hasPositions = layout({ classes }).some(({ positions }) => positions === true);
  return hasPositions && side !== preprocessing.crop ? { classes, inputSide: side } : { classes };
}

function sayWhatWasDone({ log }: TaskContext, imported: ImportedCheckpoint): void {
  const { key, others, interpolated, converted, masks, unkept } = imported;
  if (key !== undefined) log.info('weights read', { key, beside: [...others] });
  for (const [type, tensors] of converted) log.info('converted to float32', { from: type, tensors });
  if (interpolated !== undefined) log.info('position embeddings interpolated', interpolated);
  if (masks !== undefined) log.info('masks read', { ...sparsityOf(masks) });
  if (unkept.length > 0)
    log.warn('masked, but no prunable weights: they are zero, and training may change that', {
      names: unkept.slice(0, 10),
      of: unkept.length,
    });
}

/** What changes when a file is written to, or another takes its place. */
async function stampOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
