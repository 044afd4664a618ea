import { describe, expect, it } from 'vitest';
import { attribute } from '../../../tasks/attribute/index.ts';
import { localise } from '../../../tasks/localise/index.ts';
import { readStoredModel } from '../../../tasks/model/stored-model.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import { randomise } from '../../../tasks/randomise/index.ts';
import { categories } from '../../../vision/ood/categories.ts';
import { sparsityOf } from '../../../vision/pruning/masks.ts';
import { useTestBackend } from '../../support/backend.ts';
import { runKind, shapesData } from '../support/run-kind.ts';
import { freshModel } from '../support/stored-models.ts';

describe('randomise', { timeout: 300_000 }, () => {
  it('keeps the masks, and what follows from it is a control by its facts', async () => {
    await useTestBackend();
    const trained = await freshModel('resnet20', categories, 5);
    const pruned = await runKind({
      kind: pruneKind,
      options: { fraction: 0.5 },
      artifacts: { model: trained },
    });
    const model = pruned.outputs['model']!;
    const drawn = await runKind({ kind: randomise, options: { seed: 3 }, artifacts: { model } });
    const control = drawn.outputs['model']!;
    const [before, after] = [await readStoredModel(model.dir), await readStoredModel(control.dir)];
    expect(sparsityOf(after.masks!)).toEqual(sparsityOf(before.masks!));
    expect(after.trained['randomised']).toBe('all layers');
    expect(after.state.get('conv1.weight')).not.toEqual(before.state.get('conv1.weight'));
    expect(drawn.stated['model']!['sparsity']).toBeCloseTo(0.5, 4);

    const data = { data: shapesData({ split: 'masks', count: 4 }) };
    const options = { method: 'saliency', previews: 0 };
    const maps = await runKind({ kind: attribute, options, artifacts: { model: control }, data });
    const scored = await runKind({
      kind: localise,
      artifacts: { heatmaps: maps.outputs['heatmaps']! },
      data,
    });
    expect(scored.outputs['scores']!.facts).toMatchObject({
      model: 'resnet20',
      method: 'saliency',
      control: 'randomised-weights',
    });
  });
});
