import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { readStoredModel } from '../../../tasks/model/stored-model.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import { trainKind } from '../../../tasks/train/index.ts';
import { toFloat32, toNumbers } from '../../../vision/weights/raw-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { runKind, shapesData } from '../support/run-kind.ts';

const data = {
  data: { ...shapesData({ split: 'train', count: 16, size: 16 }), facts: { classes: 16, images: 16 } },
};
const fresh = { model: 'resnet20', preprocessing: { crop: 16 }, recipe: { epochs: 3, batch: 16 } };

type Inputs = Record<string, InputArtifact>;
const train = async (options: JsonObject, artifacts: Inputs = {}): Promise<InputArtifact> =>
  (await runKind({ kind: trainKind, options, artifacts, data })).outputs['model']!;

describe('training again', { timeout: 300_000 }, () => {
  let early: InputArtifact;
  let cut: InputArtifact;
  beforeAll(async () => {
    await useTestBackend();
    early = await train({ ...fresh, to_epoch: 1 });
    const dense = await train({ from_epoch: 1 }, { model: early });
    const pruned = await runKind({
      kind: pruneKind,
      options: { fraction: 0.5 },
      artifacts: { model: dense },
    });
    cut = pruned.outputs['model']!;
  }, 300_000);

  it('rewinds to the earlier weights and statistics, with what is pruned now left out', async () => {
    // So small a rate changes no weight.
    const still = { learning_rate: 1e-30, weight_decay: 0 };
    const rewound = await readStoredModel(
      (await train({ recipe: still, from_epoch: 1, to_epoch: 2 }, { model: cut, rewind_to: early })).dir,
    );
    const before = await readStoredModel(early.dir);
    const { masks } = await readStoredModel(cut.dir);
    expect(rewound.masks).toEqual(masks);
    expect(rewound.trained).toMatchObject({ epochs: 2, recipe: { epochs: 3 } });
    for (const [name, mask] of masks!) {
      const expected = toFloat32(before.state.get(name)!).map((value, index) =>
        mask[index] === 0 ? 0 : value,
      );
      expect(toFloat32(rewound.state.get(name)!), name).toEqual(expected);
    }
    // One step to an epoch: the early model's norms have seen one batch, the pruned one's three.
    const batches = rewound.state.get('bn1.num_batches_tracked')!;
    expect(toNumbers(batches)).toEqual([2]);
  });

  it('refuses to rewind to another model, also where the plan could not tell', async () => {
    const other = await train({ ...fresh, model: 'resnet32', to_epoch: 1 });
    await expect(train({}, { model: cut, rewind_to: { ...other, facts: {} } })).rejects.toThrow(
      "'rewind_to' is no earlier 'model': the one is a resnet32, the other a resnet20",
    );
  });

  it('refuses epochs that the recipe of the checkpoint does not have', async () => {
    await expect(train({ from_epoch: 3 }, { model: cut })).rejects.toThrow("'from_epoch': of 3 epochs");
    await expect(train({ to_epoch: 4 }, { model: cut })).rejects.toThrow("'to_epoch': the recipe ends");
  });
});
