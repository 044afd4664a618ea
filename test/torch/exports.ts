import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportKind } from '../../tasks/export/index.ts';
import { loadModel } from '../../tasks/model/load-model.ts';
import { readStoredModel, writeStoredModel } from '../../tasks/model/stored-model.ts';
import { pruneKind } from '../../tasks/prune/index.ts';
import { modelNames } from '../../vision/models/catalogue.ts';
import { elementCount, float32Tensor } from '../../vision/weights/raw-tensor.ts';
import { hashFill } from '../support/hash-fill.ts';
import { runKind } from '../tasks/support/run-kind.ts';
import { freshModel } from '../tasks/support/stored-models.ts';
import { imageOf, logitsOf } from './logits.ts';

/** An exported model with what it has to give. */
export interface ExportedModel {
  readonly name: string;
  /** The exported folder. */
  readonly dir: string;
  /** File with one image, float32 [1, 3, side, side]. */
  readonly input: string;
  readonly side: number;
  readonly logits: readonly number[];
  readonly sparsity: number;
}

const classes = Array.from({ length: 10 }, (_, index) => `class ${index}`);

/** Prunes and exports models with fresh weights (by default all of the catalogue), and computes what they give. */
export async function checkExports(
  dir: string,
  names: readonly string[] = [],
): Promise<readonly ExportedModel[]> {
  const exported: ExportedModel[] = [];
  for (const name of names.length === 0 ? modelNames() : names) exported.push(await exportOne(name, dir));
  return exported;
}

async function exportOne(name: string, dir: string): Promise<ExportedModel> {
  const dense = await freshModel(name, classes, 3);
  await drawHead(dense.dir);
  const cut = await runKind({ kind: pruneKind, options: { fraction: 0.5 }, artifacts: { model: dense } });
  const model = cut.outputs['model']!;
  const { outputs } = await runKind({ kind: exportKind, options: { pth: true }, artifacts: { model } });
  using loaded = await loadModel(model.dir);
  const side = loaded.stored.preprocessing.crop;
  const input = join(dir, `${name}.input`);
  await writeFile(input, imageOf(side));
  return {
    name,
    dir: outputs['files']!.dir,
    input,
    side,
    logits: await logitsOf(loaded),
    sparsity: Number(cut.stated['model']!['sparsity']),
  };
}

/** torchvision starts the head of a transformer at zero: all logits would be, too. */
async function drawHead(dir: string): Promise<void> {
  const model = await readStoredModel(dir);
  const head = 'heads.head.weight';
  const tensor = model.state.get(head);
  if (tensor === undefined) return;
  const values = hashFill({ seed: 4, count: elementCount(tensor.shape), scale: 0.1 });
  const state = new Map([...model.state, [head, float32Tensor(tensor.shape, values)]]);
  await writeStoredModel(dir, { ...model, state });
}
