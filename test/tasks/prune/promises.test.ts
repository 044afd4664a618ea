import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { Facts } from '../../../engine/contract/scalar.ts';
import { readStoredModel } from '../../../tasks/model/stored-model.ts';
import { factsFromStanding, standingFromFacts } from '../../../tasks/prune/masks-fact.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import type { StateEntry } from '../../../vision/models/network.ts';
import { sparsityOf } from '../../../vision/pruning/masks.ts';
import { denseLayer } from '../../../vision/pruning/standing.ts';
import { useTestBackend } from '../../support/backend.ts';
import { runKind, shapesData, type KindResult } from '../support/run-kind.ts';
import { freshModel } from '../support/stored-models.ts';

const classes = Array.from({ length: 16 }, (_, index) => `class ${index}`);
const steps: readonly JsonObject[] = [
  { method: 'layer-magnitude', fraction: 0.2, exclude: ['conv1', 'linear'] },
  { method: 'layer-random', sparsity: 0.4 },
  { method: 'global-magnitude', fraction: 0.2, exclude: ['layer1'] },
  { method: 'global-magnitude', fraction: 0.5 },
];

describe('what is promised of a pruned model', () => {
  it.each([
    ['layer by layer, then all together', steps],
    ['all together but the head, again and again', Array(3).fill({ fraction: 0.2, exclude: ['linear'] })],
    ['each layer, again and again', Array(3).fill({ method: 'layer-magnitude', fraction: 0.2 })],
    ['filters, again and again', Array(3).fill({ method: 'filter-norm', fraction: 0.25 })],
    ['input channels', [{ method: 'filter-norm', dimension: 1, count: 3, exclude: ['linear'] }]],
    ['two of four', [{ method: 'n-m' }, { method: 'global-magnitude', fraction: 0.1 }]],
  ] as [string, JsonObject[]][])('is its sparsity: %s', async (_, chain) => {
    const fresh = await freshModel('resnet20', classes);
    let model = { ...fresh, facts: { model: 'resnet20', classes: 16, sparsity: 0 } as Facts };
    for (const options of chain) {
      const { outputs, stated } = await runKind({ kind: pruneKind, options, artifacts: { model } });
      model = { ...model, ...outputs['model']! };
      const { masks } = await readStoredModel(model.dir);
      expect(typeof model.facts['sparsity']).toBe('number');
      expect(model.facts['sparsity']).toBe(sparsityOf(masks!).sparsity);
      // What the run finds is what was promised, word for word.
      expect(stated['model']).toEqual(model.facts);
    }
  });

  it('is no sparsity where only the weights tell', () => {
    const promised = (options: JsonObject) =>
      pruneKind.facts!({
        options: { fraction: 0.2, ...options },
        inputs: { model: { model: 'resnet20', classes: 16, sparsity: 0 } },
      })['model'];
    expect(promised({ method: 'filter-norm', ranking: 'global', dimension: 0 })).not.toHaveProperty(
      'sparsity',
    );
    expect(promised({ method: 'snip', cut: 'threshold' })).not.toHaveProperty('sparsity');
    expect(promised({ method: 'snip', cut: 'exact' })).toEqual(promised({ method: 'random' }));
  });

  it('is as short as it can be: nothing beside the sparsity where that says it all', () => {
    const facts = pruneKind.facts!({
      options: { method: 'global-magnitude', fraction: 0.2 },
      inputs: { model: { model: 'resnet20', classes: 16, sparsity: 0 } },
    })['model'];
    expect(Object.keys(facts!)).toEqual(['model', 'classes', 'sparsity']);
  });
});

describe('a masks fact', () => {
  const entries: StateEntry[] = ['a', 'b', 'c', 'optional'].map((name) => ({
    name,
    shape: [4, 2],
    role: 'linear',
    prunable: name !== 'optional',
    ...(name === 'optional' ? { group: 'attention-in-projection' } : {}),
  }));

  it('says which layers stand how, and is read back', () => {
    const layer = (index: number, pruned: number | undefined) => ({ ...denseLayer(entries[index]!), pruned });
    for (const [standing, fact] of [
      [{ layers: [layer(0, 2), layer(1, 2), layer(2, 4)], pooled: 0, slices: 0 as const }, 'slices0 2x2 4 -'],
      [{ layers: [layer(0, 0), layer(1, undefined), layer(2, undefined)], pooled: 5 }, '0 2x* -'],
      [{ layers: [0, 1, 2, 3].map((index) => layer(index, undefined)), pooled: 9 }, '4x*'],
    ] as const) {
      const facts = factsFromStanding(standing, entries);
      expect(facts['masks']).toBe(fact);
      expect(standingFromFacts(facts, entries)).toEqual(standing);
    }
  });

  it('of another model says nothing', () => {
    expect(standingFromFacts({ sparsity: 0.5, masks: '2x* -' }, entries)).toBeUndefined();
  });
});

describe('pruning by gradients', { timeout: 300_000 }, () => {
  let first: KindResult;
  const run = async (options: JsonObject, count = 40): Promise<KindResult> =>
    runKind({
      kind: pruneKind,
      options: { batch: 16, ...options },
      artifacts: { model: { ...(await shapesModel()), facts: { model: 'resnet20', sparsity: 0 } } },
      data: { data: shapesData({ split: 'train', count, size: 32 }) },
    });

  beforeAll(async () => {
    await useTestBackend();
    first = await run({ method: 'snip', fraction: 0.5 });
  });

  it('masks the share of all weights that was asked for, by the images that the seed chooses', async () => {
    const masksOf = async (result: KindResult) =>
      (await readStoredModel(result.outputs['model']!.dir)).masks!;
    const masks = await masksOf(first);
    expect(sparsityOf(masks).sparsity).toBe(0.5);
    expect(await masksOf(await run({ method: 'snip', fraction: 0.5 }))).toEqual(masks);
    expect(await masksOf(await run({ method: 'snip', fraction: 0.5, seed: 1 }))).not.toEqual(masks);
    expect(await masksOf(await run({ method: 'taylor', batches: 2, fraction: 0.5 }))).not.toEqual(masks);
  });

  it('says when there are fewer images than asked for', async () => {
    expect((await run({ method: 'taylor', batches: 3, fraction: 0.5 })).warnings).toEqual([
      '48 images are asked for, and there are 40',
    ]);
  });
});

async function shapesModel() {
  const { openShapesData } = await import('../../../tasks/data/open-shapes.ts');
  const set = openShapesData(shapesData({ split: 'train', count: 1, size: 32 }));
  return freshModel('resnet20', set.classes);
}
