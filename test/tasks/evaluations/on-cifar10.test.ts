import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { attribute } from '../../../tasks/attribute/index.ts';
import { readBoxesFile } from '../../../tasks/boxes/boxes-file.ts';
import { corloc } from '../../../tasks/corloc/index.ts';
import { evaluate } from '../../../tasks/evaluate/index.ts';
import { localise } from '../../../tasks/localise/index.ts';
import { lost } from '../../../tasks/lost/index.ts';
import { readScoresFile } from '../../../tasks/readings/scores-file.ts';
import { sharedDir } from '../../support/shared.ts';
import { useTestBackend } from '../../support/backend.ts';
import { listedData } from '../support/listed-data.ts';
import { runKind } from '../support/run-kind.ts';
import { importedModel } from '../support/stored-models.ts';

const classes = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
const shared = sharedDir();

describe.runIf(shared !== undefined)('the published CIFAR-10 ResNet-20', { timeout: 300_000 }, () => {
  let model: InputArtifact;

  beforeAll(async () => {
    await useTestBackend();
    model = await importedModel('resnet20', classes, join(shared!, 'data/weights/resnet20-12fca82f.th'));
  });

  it('has 1627 of the 2,000 test images right', async () => {
    const data = await listedData('image-folder', join(shared!, 'data/cifar10/test'));
    const { outputs } = await runKind({ kind: evaluate, artifacts: { model }, data: { data } });
    const { metrics } = await readScoresFile(outputs['scores']!.dir);
    const right = metrics['accuracy']!.values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
    expect(Math.abs(right - 1627)).toBeLessThanOrEqual(3);
    expect(metrics['loss']!.mean).toBeLessThan(1);
  });

  it('explains, finds and boxes the objects of VOC', async () => {
    const root = join(shared!, 'data/voc-mini/VOCdevkit');
    const data = await listedData('voc', root, {
      options: { year: 2012, split: 'val', task: 'segmentation' },
    });
    const made = await runKind({
      kind: attribute,
      options: { method: 'grad-cam' },
      artifacts: { model },
      data: { data },
    });
    const localised = await runKind({
      kind: localise,
      options: { void: 'ignored' },
      artifacts: { heatmaps: made.outputs['heatmaps']! },
      data: { data },
    });
    const scores = await readScoresFile(localised.outputs['scores']!.dir);
    expect(scores.items).toHaveLength(3);
    expect(scores.metrics['rma']!.mean).toBeGreaterThan(0);

    for (const options of [{ resize: 64 }, { resize: 160 }]) {
      const found = await runKind({ kind: lost, options, artifacts: { model }, data: { data } });
      const { items } = await readBoxesFile(found.outputs['boxes']!.dir);
      for (const { box, imageWidth, imageHeight } of items) {
        expect(Math.max(imageWidth, imageHeight)).toBe(500);
        expect(box!.x1 <= imageWidth && box!.y1 <= imageHeight).toBe(true);
      }
      const matched = await runKind({
        kind: corloc,
        artifacts: { boxes: found.outputs['boxes']! },
        data: { data },
      });
      const { metrics } = await readScoresFile(matched.outputs['scores']!.dir);
      expect(metrics['iou']!.mean).toBeGreaterThan(0.05);
    }
  });
});
