import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { InputArtifact, InputData } from '../../../engine/contract/task-context.ts';
import { openImageSet } from '../../../tasks/data/open.ts';
import { evaluate } from '../../../tasks/evaluate/index.ts';
import { importKind } from '../../../tasks/import/index.ts';
import { loadModel } from '../../../tasks/model/load-model.ts';
import { pruneKind } from '../../../tasks/prune/index.ts';
import { readScoresFile } from '../../../tasks/readings/scores-file.ts';
import { loadBatches } from '../../../vision/data/loader.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { sharedDir } from '../../support/shared.ts';
import { runKind } from '../support/run-kind.ts';

interface Reference {
  classes: string[];
  prunable: number;
  rounds: { sparsity: number; pruned: number; correct: number }[];
  logits_of: string[];
}

const shared = sharedDir();
const reference = referenceJson('real/cifar10_resnet20.json') as Reference;

describe.runIf(shared !== undefined)(
  'the published CIFAR-10 ResNet-20, imported',
  { timeout: 300_000 },
  () => {
    let model: InputArtifact;
    let data: InputData;
    let backend: string;

    beforeAll(async () => {
      backend = await useTestBackend();
      const { outputs } = await runKind({
        kind: importKind,
        options: {
          file: join(shared!, 'data/weights/resnet20-12fca82f.th'),
          model: 'resnet20',
          classes: reference.classes,
        },
      });
      model = outputs['model']!;
      data = imageFolder(join(shared!, 'data/cifar10/test'));
    });

    it('gives the reference logits of forty images', async () => {
      const set = await openImageSet(data);
      const order = reference.logits_of.map((path) => set.records.findIndex(({ id }) => id === path));
      expect(order).not.toContain(-1);
      using loaded = await loadModel(model.dir);
      const { preprocessing } = loaded.stored;
      for await (const { images } of loadBatches({
        set,
        order,
        batchSize: 40,
        preprocessing,
        seed: 0,
        epoch: 0,
      })) {
        const input = tf.tensor4d(images, [40, 32, 32, 3]);
        const logits = loaded.network.forward({ state: loaded.state, input }).dataSync();
        const expected = floats(referenceTensors('real/cifar10_resnet20.safetensors'), 'logits');
        const worst = expected.reduce(
          (most, value, index) => Math.max(most, Math.abs(value - logits[index]!)),
          0,
        );
        // The reference decoded the same files with another JPEG library.
        expect(worst).toBeLessThan(2e-2);
      }
    });

    it('loses its accuracy over twelve rounds of pruning as the reference does', async () => {
      // Each round reads 2,000 images: without TensorFlow only every fourth is measured.
      const measured = reference.rounds.map((_, round) => backend === 'tensorflow' || round % 4 === 0);
      let pruned = model;
      for (const [round, { sparsity, correct }] of reference.rounds.entries()) {
        if (round > 0) {
          const { outputs, stated } = await runKind({ kind: pruneKind, artifacts: { model: pruned } });
          pruned = outputs['model']!;
          expect(stated['model']!['sparsity']).toBe(sparsity);
          expect(pruned.facts['sparsity']).toBe(sparsity);
        }
        if (measured[round] === false) continue;
        const { outputs } = await runKind({ kind: evaluate, artifacts: { model: pruned }, data: { data } });
        const { metrics } = await readScoresFile(outputs['scores']!.dir);
        const right = metrics['accuracy']!.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
        expect(
          Math.abs(right - correct),
          `round ${round}: ${right}, reference ${correct}`,
        ).toBeLessThanOrEqual(round === 0 ? 3 : 5);
      }
    });
  },
);

function imageFolder(root: string): InputData {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jpg'),
  );
  const files = paths.sort().map((path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    return { path, size, mtimeMs };
  });
  return {
    adapter: 'image-folder',
    options: {},
    root,
    part: undefined,
    digest: digestOf(root),
    facts: {},
    files,
  };
}
