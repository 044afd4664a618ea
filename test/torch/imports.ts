import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importKind } from '../../tasks/import/index.ts';
import { loadModel } from '../../tasks/model/load-model.ts';
import { catalogue } from '../../vision/models/catalogue.ts';
import { sparsityOf } from '../../vision/pruning/masks.ts';
import { relativeError } from '../support/reference-network.ts';
import { runKind } from '../tasks/support/run-kind.ts';
import { imageOf, logitsOf } from './logits.ts';

const classes = 10;

/** What PyTorch saved, and what it gives for the image. */
interface SavedCheckpoint {
  readonly name: string;
  readonly path: string;
  readonly logits: readonly number[];
  readonly pruned: number;
  readonly total: number;
}

/** Imports what PyTorch pruned and saved, of each of torchvision's models, and says whether it gives the same. */
export async function checkImports(
  dir: string,
  { python, names }: { readonly python: string; readonly names: readonly string[] },
): Promise<boolean> {
  let allWell = true;
  for (const saved of await saveCheckpoints(dir, { python, names })) {
    const { name, path, pruned, total } = saved;
    const options = { file: path, model: name, classes, masks: 'file' };
    const { outputs } = await runKind({ kind: importKind, options });
    using loaded = await loadModel(outputs['model']!.dir);
    const masks = sparsityOf(loaded.stored.masks!);
    const error = relativeError(await logitsOf(loaded), saved.logits);
    const isRight = masks.pruned === pruned && masks.total === total && error < 1e-4;
    allWell &&= isRight;
    console.log(
      `${isRight ? 'ok      ' : 'WRONG   '}${name}: imported from PyTorch, ${masks.pruned} of ${masks.total} masked; logits differ by ${error.toExponential(1)}`,
    );
  }
  return allWell;
}

async function saveCheckpoints(
  dir: string,
  { python, names }: { readonly python: string; readonly names: readonly string[] },
): Promise<readonly SavedCheckpoint[]> {
  const models: { name: string; expression: string; side: number; input: string }[] = [];
  for (const { name, torchvision, preprocessing } of catalogue) {
    const expression = torchvision?.({ classes });
    if (expression === undefined || (names.length > 0 && !names.includes(name))) continue;
    const side = preprocessing.crop;
    const input = join(dir, `${name}.image`);
    await writeFile(input, imageOf(side));
    models.push({ name, expression, side, input });
  }
  const { status, stdout } = spawnSync(python, [join(import.meta.dirname, 'save_checkpoints.py')], {
    input: JSON.stringify({ dir, models }),
    stdio: ['pipe', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('save_checkpoints.py failed');
  return JSON.parse(stdout) as SavedCheckpoint[];
}
