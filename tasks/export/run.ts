import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { masksToTensors, sparsityOf } from '../../vision/pruning/masks.ts';
import { writeTorchFile } from '../../vision/weights/write-torch.ts';
import { readStoredModel, writeStoredModel, type StoredModel } from '../model/stored-model.ts';
import { loadScript } from './load-script.ts';
import { readme } from './readme.ts';

/** Checks the model once more and writes it beside what PyTorch's users need. */
export async function runExport(context: TaskContext): Promise<void> {
  const model = await readStoredModel(context.artifact('model').dir);
  const dir = context.output('files');
  await writeStoredModel(dir, model);
  await writeFile(join(dir, 'load.py'), loadScript(model));
  const pth = context.options['pth'] === true;
  if (pth) await writeTorchFiles(dir, model);
  await writeFile(join(dir, 'README.md'), readme(model, { pth }));
  const sparsity = model.masks === undefined ? 0 : sparsityOf(model.masks).sparsity;
  context.stateFacts('files', { model: model.description.name, classes: model.classes.length, sparsity });
}

/** The state dict, and the masks under the names of their weights, for `torch.load`. */
async function writeTorchFiles(dir: string, { state, masks, entries }: StoredModel): Promise<void> {
  await writeTorchFile(join(dir, 'model.pth'), state);
  if (masks !== undefined) await writeTorchFile(join(dir, 'masks.pth'), masksToTensors(masks, entries));
}
