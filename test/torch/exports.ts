import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportKind } from '../../tasks/export/index.ts';
import { loadModel } from '../../tasks/model/load-model.ts';
import { pruneKind } from '../../tasks/prune/index.ts';
import { modelNames } from '../../vision/models/catalogue.ts';
import { tf } from '../../vision/tensors/index.ts';
import { useTestBackend } from '../support/backend.ts';
import { hashFill } from '../support/hash-fill.ts';
import { runKind } from '../tasks/support/run-kind.ts';
import { freshModel } from '../tasks/support/stored-models.ts';

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
  await useTestBackend();
  const exported: ExportedModel[] = [];
  for (const name of names.length === 0 ? modelNames() : names) exported.push(await exportOne(name, dir));
  return exported;
}

async function exportOne(name: string, dir: string): Promise<ExportedModel> {
  const dense = await freshModel(name, classes, 3);
  const cut = await runKind({ kind: pruneKind, options: { fraction: 0.5 }, artifacts: { model: dense } });
  const model = cut.outputs['model']!;
  const { outputs } = await runKind({ kind: exportKind, options: { pth: true }, artifacts: { model } });
  using loaded = await loadModel(model.dir);
  const side = loaded.stored.preprocessing.crop;
  const values = hashFill({ seed: 5, count: 3 * side * side, scale: 1.7 });
  const input = join(dir, `${name}.input`);
  await writeFile(input, values);
  const logits = tf.tidy(() => {
    const image = tf.transpose(tf.tensor4d(values, [1, 3, side, side]), [0, 2, 3, 1]);
    return loaded.network.forward({ state: loaded.state, input: image });
  });
  const given = [...(await logits.data())];
  logits.dispose();
  return {
    name,
    dir: outputs['files']!.dir,
    input,
    side,
    logits: given,
    sparsity: Number(cut.stated['model']!['sparsity']),
  };
}
