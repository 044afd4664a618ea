import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { sparsityOf } from '../../vision/pruning/masks.ts';
import { readStoredModel, writeStoredModel } from '../model/stored-model.ts';
import { loadScript } from './load-script.ts';
import { readme } from './readme.ts';

/** Checks the model once more and writes it beside what PyTorch's users need. */
export async function runExport(context: TaskContext): Promise<void> {
  const model = await readStoredModel(context.artifact('model').dir);
  const dir = context.output('files');
  await writeStoredModel(dir, model);
  await writeFile(join(dir, 'load.py'), loadScript(model));
  await writeFile(join(dir, 'README.md'), readme(model));
  const sparsity = model.masks === undefined ? 0 : sparsityOf(model.masks).sparsity;
  context.stateFacts('files', { model: model.description.name, classes: model.classes.length, sparsity });
}
