import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { exportKind } from '../../../tasks/export/index.ts';
import { importKind } from '../../../tasks/import/index.ts';
import { loadModel } from '../../../tasks/model/load-model.ts';
import { readStoredModel } from '../../../tasks/model/stored-model.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import { describedModel } from '../../../vision/models/catalogue.ts';
import { prunableTotal } from '../../../vision/models/layout.ts';
import { fullMasks, sparsityOf } from '../../../vision/pruning/masks.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { toTorchLayout } from '../../../vision/weights/memory-layout.ts';
import { float32Tensor, toFloat32, type RawTensor } from '../../../vision/weights/raw-tensor.ts';
import { writeTorchFile } from '../../../vision/weights/write-torch.ts';
import { useTestBackend } from '../../support/backend.ts';
import { safetensorsOf } from '../../support/weights-in-memory.ts';
import { runKind } from '../support/run-kind.ts';

const model = 'resnet8';
const { layout, initialisation } = describedModel(model)!;
const entries = layout({ classes: 2 });
const expected = sparsityOf(fullMasks(entries));

/** Every fifth weight is masked, as torch.nn.utils.prune says it, and is not zero in the file. */
async function prunedFile(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'import-')), 'pruned.pth');
  const tensors = new Map<string, RawTensor>();
  for (const [name, tensor] of freshState({ entries, initialisation, seed: 2 })) {
    if (entries.find((entry) => entry.name === name)!.prunable) {
      const mask = toFloat32(tensor).map((_, index) => (index % 5 === 0 ? 0 : 1));
      const values = toFloat32(tensor).map((value) => value + 10);
      tensors.set(`module.${name}_orig`, float32Tensor(tensor.shape, values));
      tensors.set(`module.${name}_mask`, float32Tensor(tensor.shape, mask));
    } else tensors.set(`module.${name}`, tensor);
  }
  await writeTorchFile(path, tensors);
  return path;
}

describe('a pruned checkpoint', () => {
  let imported: InputArtifact;
  let stated: object;

  beforeAll(async () => {
    await useTestBackend();
    const options = { file: await prunedFile(), model, classes: 2, masks: 'file' };
    const run = await runKind({ kind: importKind, options });
    imported = run.outputs['model']!;
    stated = run.stated['model']!;
  });

  it('says its sparsity once it is read, and promises none', () => {
    const pruned = layout({ classes: 2 })
      .filter(({ prunable }) => prunable)
      .reduce((sum, { shape }) => sum + Math.ceil(shape.reduce((product, side) => product * side, 1) / 5), 0);
    expect(stated).toEqual({ model, classes: 2, sparsity: pruned / expected.total });
    expect(imported.facts).toEqual({ model, classes: 2 });
  });

  it('keeps its zeros in what is evaluated and in what is exported', async () => {
    using loaded = await loadModel(imported.dir);
    const { outputs } = await runKind({ kind: exportKind, artifacts: { model: imported } });
    const file = await safetensorsOf(await readFile(join(outputs['files']!.dir, 'model.safetensors')));
    if (file.kind !== 'read') throw new Error(file.detail);
    for (const { name, shape, prunable } of entries) {
      if (!prunable) continue;
      const evaluated = toTorchLayout(loaded.state.get(name)!.dataSync() as Float32Array, shape);
      const isRight = (value: number, index: number): boolean => (index % 5 === 0 ? value === 0 : value > 1);
      expect(evaluated.every(isRight), name).toBe(true);
      expect(toFloat32(file.tensors.get(name)!).every(isRight), name).toBe(true);
    }
  });

  it('is pruned further from where it is', async () => {
    const before = (await readStoredModel(imported.dir)).masks!;
    const left = expected.total - sparsityOf(before).pruned;
    const { outputs } = await runKind({ kind: pruneKind, artifacts: { model: imported } });
    const after = (await readStoredModel(outputs['model']!.dir)).masks!;
    expect(sparsityOf(after).pruned).toBe(expected.total - left + Math.round(0.2 * left));
    for (const [name, mask] of before)
      expect(mask.every((alive, index) => alive === 1 || after.get(name)![index] === 0)).toBe(true);
  });
});

describe('a vision transformer whose in-projections are pruned', () => {
  it('is pruned further, with or without them', async () => {
    const vit = describedModel('vit_mini_4')!;
    const name = 'encoder.layers.encoder_layer_1.self_attention.in_proj_weight';
    const made = vit.layout({ classes: 2 });
    const state = new Map(freshState({ entries: made, initialisation: vit.initialisation, seed: 1 }));
    const { shape } = state.get(name)!;
    state.set(name, float32Tensor(shape, toFloat32(state.get(name)!).fill(0, 0, 1000)));
    const head = state.get('heads.head.weight')!;
    state.set('heads.head.weight', float32Tensor(head.shape, toFloat32(head).fill(1)));
    const path = join(await mkdtemp(join(tmpdir(), 'import-')), 'vit.pth');
    await writeTorchFile(path, state);
    const options = { file: path, model: vit.name, classes: 2, masks: 'zeros' };
    const { outputs } = await runKind({ kind: importKind, options });
    const artifacts = { model: outputs['model']! };
    const pruned = async (include: readonly string[]) => {
      const cut = await runKind({ kind: pruneKind, options: { include: [...include] }, artifacts });
      const { masks } = await readStoredModel(cut.outputs['model']!.dir);
      expect(masks!.get(name)!.subarray(0, 1000)).toEqual(new Uint8Array(1000));
      return sparsityOf(masks!);
    };
    const [usual, projection, layers] = [prunableTotal(made), 3 * 128 * 128, 6];
    expect(await pruned([])).toMatchObject({
      total: usual + projection,
      pruned: 1000 + Math.round(0.2 * usual),
    });
    const total = usual + layers * projection;
    expect(await pruned(['attention-in-projection'])).toMatchObject({
      total,
      pruned: 1000 + Math.round(0.2 * (total - 1000)),
    });
  });
});

describe('a vision transformer for other images', () => {
  it('is made for the crop that is asked for', async () => {
    const vit = describedModel('vit_mini_4')!;
    const made = vit.layout({ classes: 2, inputSide: 24 });
    const path = join(await mkdtemp(join(tmpdir(), 'import-')), 'vit.pth');
    await writeTorchFile(path, freshState({ entries: made, initialisation: vit.initialisation, seed: 1 }));
    const options = { file: path, model: vit.name, classes: 2, preprocessing: { crop: 48 } };
    const { outputs } = await runKind({ kind: importKind, options });
    const { config, state } = await readStoredModel(outputs['model']!.dir);
    expect(config).toEqual({ classes: 2, inputSide: 48 });
    expect(state.get('encoder.pos_embedding')!.shape).toEqual([1, 1 + 12 * 12, 128]);
    const plain = await runKind({ kind: importKind, options: { ...options, preprocessing: {} } });
    const own = await readStoredModel(plain.outputs['model']!.dir);
    expect(own.config).toEqual({ classes: 2 });
    expect(own.state.get('encoder.pos_embedding')!.shape).toEqual([1, 1 + 8 * 8, 128]);
  });
});
