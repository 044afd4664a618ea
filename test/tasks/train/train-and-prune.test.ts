import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { InputArtifact, InputData } from '../../../engine/contract/task-context.ts';
import { exportKind } from '../../../tasks/export/index.ts';
import { importKind } from '../../../tasks/import/index.ts';
import { readStoredModel } from '../../../tasks/model/stored-model.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import { readScoresFile } from '../../../tasks/readings/scores-file.ts';
import { trainKind } from '../../../tasks/train/index.ts';
import { sparsityOf } from '../../../vision/pruning/masks.ts';
import { toFloat32, toNumbers } from '../../../vision/weights/raw-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { runKind, shapesData } from '../support/run-kind.ts';

const shapes = (split: string, count: number): InputData => ({
  ...shapesData({ split, count, size: 16 }),
  facts: { classes: 16, images: count },
});
const preprocessing = { crop: 16 };

/** A dense model, pruned once, retrained: the first steps of a study. */
describe('train, prune, train', { timeout: 300_000 }, () => {
  let dense: Record<string, InputArtifact>;
  let cut: Record<string, InputArtifact>;
  let retrained: Record<string, InputArtifact>;

  const train = (options: JsonObject, artifacts: Record<string, InputArtifact> = {}) =>
    runKind({
      kind: trainKind,
      options: { seed: 1, ...options },
      artifacts,
      data: { data: shapes('train', 64), validation: shapes('validation', 32) },
    });

  beforeAll(async () => {
    await useTestBackend();
    dense = (await train({ model: 'resnet20', preprocessing, recipe: { epochs: 2, batch: 16 } })).outputs;
    cut = (
      await runKind({ kind: pruneKind, options: { fraction: 0.5 }, artifacts: { model: dense['model']! } })
    ).outputs;
    retrained = (await train({ recipe: { epochs: 1 } }, { model: cut['model']! })).outputs;
  }, 300_000);

  it('promises what comes out', async () => {
    for (const [outputs, sparse] of [
      [dense, 0],
      [cut, 0.5],
      [retrained, 0.5],
    ] as const) {
      const model = await readStoredModel(outputs['model']!.dir);
      const total = 268_336 + 64 * 6;
      const { sparsity } = model.masks === undefined ? { sparsity: 0 } : sparsityOf(model.masks);
      expect(outputs['model']!.facts).toEqual({ model: 'resnet20', classes: 16, sparsity });
      expect(sparsity).toBe(Math.round(sparse * total) / total);
    }
  });

  it('keeps pruned weights at zero through the retraining, and moves the others', async () => {
    const before = await readStoredModel(cut['model']!.dir);
    const after = await readStoredModel(retrained['model']!.dir);
    for (const [name, mask] of before.masks!) expect(Buffer.compare(after.masks!.get(name)!, mask)).toBe(0);
    const name = 'layer3.2.conv2.weight';
    const mask = after.masks!.get(name)!;
    const weights = toFloat32(after.state.get(name)!);
    expect(weights.filter((_, index) => mask[index] === 0).every((value) => Object.is(value, 0))).toBe(true);
    expect(weights).not.toEqual(toFloat32(before.state.get(name)!));
  });

  it("takes the checkpoint's recipe and preprocessing where the study says nothing", async () => {
    const { trained, preprocessing: kept, state } = await readStoredModel(retrained['model']!.dir);
    expect(trained).toMatchObject({
      epochs: 3,
      seed: 1,
      recipe: { epochs: 1, batch: 16, crop: { kind: 'padded' } },
    });
    expect(kept.crop).toBe(16);
    // 64 images in batches of 16, for three epochs.
    expect(toNumbers(state.get('bn1.num_batches_tracked')!)).toEqual([12]);
  });

  it('scores each epoch, and the validation images at the end', async () => {
    const { measure, about, items, metrics } = await readScoresFile(dense['scores']!.dir);
    expect({ measure, about, items }).toEqual({
      measure: 'training',
      about: { model: 'resnet20', classes: 16, sparsity: 0 },
      items: ['epoch 1', 'epoch 2'],
    });
    expect(metrics['loss']!.values).toHaveLength(2);
    expect(metrics['loss']!.mean).toBe(metrics['loss']!.values[1]);
    expect(metrics['validation_accuracy']!.values[0]).toBeNull();
    expect(metrics['validation_accuracy']!.mean).toBeGreaterThanOrEqual(0);
  });

  it('gives the same bytes again', async () => {
    const again = await train({ recipe: { epochs: 1 } }, { model: cut['model']! });
    for (const file of ['model.safetensors', 'model.json', 'masks.safetensors'])
      expect(
        (await readFile(join(again.outputs['model']!.dir, file))).equals(
          await readFile(join(retrained['model']!.dir, file)),
        ),
        file,
      ).toBe(true);
  });

  it('refuses data of other classes', async () => {
    const other = await runKind({
      kind: importKind,
      options: { file: join(dense['model']!.dir, 'model.safetensors'), model: 'resnet20', classes: 16 },
    });
    await expect(
      train({ recipe: { name: 'cifar', epochs: 1 } }, { model: other.outputs['model']! }),
    ).rejects.toThrow('the checkpoint tells 16 classes apart (0, 1, 2, …)');
  });

  it('says when the learning rate is beyond all measure', async () => {
    await expect(
      train({ model: 'resnet20', preprocessing, recipe: { epochs: 2, batch: 16, learning_rate: 1e18 } }),
    ).rejects.toThrow('the loss is no longer a number in epoch 1');
  });

  it('exports a folder that says how it is loaded', async () => {
    const { outputs } = await runKind({ kind: exportKind, artifacts: { model: retrained['model']! } });
    const { dir } = outputs['files']!;
    expect(await readFile(join(dir, 'README.md'), 'utf8')).toContain(
      '134360 of 268720 weights (50.00 %) are exactly zero',
    );
    expect(await readFile(join(dir, 'load.py'), 'utf8')).toContain('CifarResNet(depth=20, classes=16)');
    expect((await readStoredModel(dir)).masks).toEqual(
      (await readStoredModel(retrained['model']!.dir)).masks,
    );
  });
});
