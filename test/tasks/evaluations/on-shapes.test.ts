import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { attribute } from '../../../tasks/attribute/index.ts';
import { readBoxesFile } from '../../../tasks/boxes/boxes-file.ts';
import { corloc } from '../../../tasks/corloc/index.ts';
import { evaluate } from '../../../tasks/evaluate/index.ts';
import { openHeatmaps } from '../../../tasks/heatmaps/read-heatmaps.ts';
import { localise } from '../../../tasks/localise/index.ts';
import { lost } from '../../../tasks/lost/index.ts';
import type { PreviewsFile } from '../../../tasks/previews/previews-file.ts';
import { readScoresFile } from '../../../tasks/readings/scores-file.ts';
import { attributionMethods } from '../../../vision/attribution/methods.ts';
import { categories } from '../../../vision/ood/categories.ts';
import { useTestBackend } from '../../support/backend.ts';
import { runKind, shapesData } from '../support/run-kind.ts';
import { openImageSet } from '../../../tasks/data/open.ts';
import { freshModel } from '../support/stored-models.ts';

const masks = shapesData({ split: 'masks', count: 20 });

describe('evaluations of a fresh model on drawings', { timeout: 300_000 }, () => {
  let model: InputArtifact;

  beforeAll(async () => {
    await useTestBackend();
    model = await freshModel('resnet20', categories);
  });

  it.each(attributionMethods)('$name gives maps that localise can score', async ({ name: method, needs }) => {
    const seer = needs === 'class-attention' || needs === 'attention' ? 'vit_mini_4' : 'resnet20';
    const model = await freshModel(seer, categories);
    const options = { method, images: 5, previews: 2, steps: 4, samples: 2 };
    const made = await runKind({ kind: attribute, options, artifacts: { model }, data: { data: masks } });
    const promised = { model: seer, sparsity: 0, method };
    const facts = { ...promised, classes: 16 };
    expect(made.stated['heatmaps']).toEqual(facts);
    expect(made.outputs['heatmaps']!.facts).toEqual(promised);

    const metrics = ['rma', 'rra', 'pointing', 'energy'];
    const { outputs } = await runKind({
      kind: localise,
      options: { metrics },
      artifacts: { heatmaps: made.outputs['heatmaps']! },
      data: { data: masks },
    });
    const scores = await readScoresFile(outputs['scores']!.dir);
    expect(scores.measure).toBe('localisation');
    expect(scores.about).toMatchObject(facts);
    expect(Object.keys(scores.metrics)).toEqual(metrics);
    expect(scores.items).toHaveLength(5);
    for (const { values, mean } of Object.values(scores.metrics)) {
      expect(values.every((value) => value === null || (value >= 0 && value <= 1))).toBe(true);
      expect(mean).not.toBeNull();
    }
  });

  it('spreads the chosen images, names them, and draws them the same every time', async () => {
    const once = async (): Promise<InputArtifact> => {
      const options = { method: 'grad-cam', images: 5, previews: 3 };
      const { outputs } = await runKind({
        kind: attribute,
        options,
        artifacts: { model },
        data: { data: masks },
      });
      await using heatmaps = await openHeatmaps(outputs['heatmaps']!.dir);
      expect(heatmaps.file.items.map((id) => Number(id.replace(/\D/g, '')))).toEqual([0, 4, 8, 12, 16]);
      expect(heatmaps.file.targets).toEqual(heatmaps.file.predicted);
      const { channels, height, width } = await heatmaps.map(4);
      expect([channels, height, width]).toEqual([1, 32, 32]);
      return outputs['previews']!;
    };
    const [first, second] = [await once(), await once()];
    const { items } = JSON.parse(await readFile(join(first.dir, 'previews.json'), 'utf8')) as PreviewsFile;
    expect(items.map(({ label }) => label)).toEqual(['airplane', 'boat', 'keyboard']);
    const set = await openImageSet(masks);
    for (const [place, { image, overlay, mask, target, predicted }] of items.entries()) {
      expect(predicted).toBe(target);
      const { width, height, format } = await sharp(join(first.dir, overlay)).metadata();
      expect([width, height, format]).toEqual([32, 32, 'png']);
      for (const name of [image, overlay, mask!])
        expect(await digest(first, name)).toBe(await digest(second, name));
      // What localisation scores against, here without resize and crop.
      const object = Array.from((await set.mask!([0, 4, 12][place]!))!.data, (index) =>
        index === 0 ? 0 : 255,
      );
      const drawn = await sharp(join(first.dir, mask!)).toColourspace('b-w').raw().toBuffer();
      expect([...drawn]).toEqual(object);
    }
  });

  it('explains the label or a named class on demand, and halves the maps', async () => {
    const run = (target: string) =>
      runKind({
        kind: attribute,
        options: { method: 'saliency', images: 3, target, previews: 0, precision: 'float16' },
        artifacts: { model },
        data: { data: masks },
      });
    const byLabel = await run('label');
    await using heatmaps = await openHeatmaps(byLabel.outputs['heatmaps']!.dir);
    expect(heatmaps.file.targets).toEqual([0, 6, 13]);
    const { data } = await heatmaps.map(2);
    expect(Array.from(data).some((value) => value > 0)).toBe(true);
    const byName = await run('dog');
    await using named = await openHeatmaps(byName.outputs['heatmaps']!.dir);
    expect(named.file.targets).toEqual([10, 10, 10]);
    await expect(run('unicorn')).rejects.toThrow('no class unicorn');
  });

  it('takes an image of the data set for a baseline, and says which set lacks one of that name', async () => {
    const run = (name: string, kind = 'image') => {
      const baseline = { baseline_kind: kind, baseline_image: name };
      const options = { method: 'integrated-gradients', images: 2, steps: 2, previews: 0, ...baseline };
      return runKind({ kind: attribute, options, artifacts: { model }, data: { data: masks } });
    };
    const sizesOf = async (name: string): Promise<number[]> => {
      const { outputs } = await run(name);
      await using heatmaps = await openHeatmaps(outputs['heatmaps']!.dir);
      const sizeOf = async (index: number): Promise<number> =>
        Math.max(...Array.from((await heatmaps.map(index)).data, Math.abs));
      return [await sizeOf(0), await sizeOf(1)];
    };
    const { outputs } = await run('', 'constant');
    await using heatmaps = await openHeatmaps(outputs['heatmaps']!.dir);
    const [first = ''] = heatmaps.file.items;
    // Its own way is of no length.
    expect(await sizesOf(first)).toEqual([0, expect.any(Number)]);
    expect((await sizesOf(first))[1]).toBeGreaterThan(0);
    await expect(run('nobody.png')).rejects.toThrow(
      `data (shapes) has no image 'nobody.png', which baseline_image names; its first of 20 are ${first}`,
    );
    await expect(run('')).rejects.toThrow('baseline_image is empty');
  });

  it('draws what a Swin attends to, by its windows', async () => {
    const model = await freshModel('swin_v2_mini', categories);
    const options = { method: 'attention', images: 3, previews: 1, heads: 'max' };
    const { outputs, stated } = await runKind({
      kind: attribute,
      options,
      artifacts: { model },
      data: { data: masks },
    });
    expect(stated['heatmaps']).toMatchObject({ model: 'swin_v2_mini', method: 'attention' });
    await using heatmaps = await openHeatmaps(outputs['heatmaps']!.dir);
    const { channels, height, width, ...map } = await heatmaps.map(2);
    expect([channels, height, width]).toEqual([1, 32, 32]);
    const data = Array.from(map.data);
    expect(data.every((value) => value > 0)).toBe(true);
    expect(new Set(data).size).toBeGreaterThan(32);
    expect(Array.from((await heatmaps.map(0)).data)).not.toEqual(data);
  });

  it("leaves other methods' options out of the key", () => {
    const resolved = attribute.resolve!({ method: 'grad-cam', steps: 20, images: 4 });
    expect(resolved).toEqual({ kind: 'resolved', options: { method: 'grad-cam', images: 4 } });
    const stepping = attribute.resolve!({ method: 'integrated-gradients', steps: 20, noise: 1 });
    expect(stepping).toEqual({ kind: 'resolved', options: { method: 'integrated-gradients', steps: 20 } });
  });

  it('finds boxes and matches them', async () => {
    const found = await runKind({
      kind: lost,
      options: { images: 6 },
      artifacts: { model },
      data: { data: masks },
    });
    const { items } = await readBoxesFile(found.outputs['boxes']!.dir);
    expect(items).toHaveLength(6);
    for (const { box } of items) {
      expect(box!.x1).toBeGreaterThan(box!.x0);
      expect(box!.x1).toBeLessThanOrEqual(32);
      expect(box!.x0 % 4).toBe(0);
    }
    const { outputs } = await runKind({
      kind: corloc,
      artifacts: { boxes: found.outputs['boxes']! },
      data: { data: masks },
    });
    const scores = await readScoresFile(outputs['scores']!.dir);
    expect(scores.about).toMatchObject({ model: 'resnet20', sparsity: 0, method: 'lost', threshold: 0.5 });
    expect(scores.notes).toMatchObject({ corloc: { measured: 6 }, boxes: { outside: 0, clipped: 0 } });
    const shown = JSON.parse(
      await readFile(join(outputs['previews']!.dir, 'previews.json'), 'utf8'),
    ) as PreviewsFile;
    expect(shown).toMatchObject({ method: 'lost', model: 'resnet20' });
    expect(shown.items.map(({ id }) => id)).toEqual(scores.items);
    const { corloc: hits, iou } = scores.metrics;
    hits!.values.forEach((hit, i) => expect(hit).toBe(Number(iou!.values[i]! >= 0.5)));
  });

  it('says so where a model takes no dilation', async () => {
    const run = runKind({
      kind: lost,
      options: { dilation: 2 },
      artifacts: { model },
      data: { data: masks },
    });
    await expect(run).rejects.toThrow('takes no dilation');
  });

  it('evaluates a labelled set with accuracy, top-5 and loss', async () => {
    const data = shapesData({ split: 'validation', count: 32 });
    const { outputs } = await runKind({ kind: evaluate, artifacts: { model }, data: { data } });
    const scores = await readScoresFile(outputs['scores']!.dir);
    expect(Object.keys(scores.metrics)).toEqual(['accuracy', 'top5', 'loss']);
    expect(scores.about).toMatchObject({ model: 'resnet20', sparsity: 0, class_map: 'none' });
    expect(scores.metrics['loss']!.mean).toBeGreaterThan(0);
    expect(scores.metrics['top5']!.mean!).toBeGreaterThanOrEqual(scores.metrics['accuracy']!.mean!);
    expect(scores.groups).toBeUndefined();
  });

  it('evaluates out-of-distribution sets by condition, and the shape bias', async () => {
    const ood = { split: 'ood', count: 16, sets: ['silhouette', 'cue-conflict'] };
    const run = async (set: string) => {
      const data = shapesData(ood, set);
      const { outputs } = await runKind({
        kind: evaluate,
        options: { set },
        artifacts: { model },
        data: { data },
      });
      return { facts: outputs['scores']!.facts, scores: await readScoresFile(outputs['scores']!.dir) };
    };
    const silhouette = await run('silhouette');
    expect(silhouette.facts).toEqual({ model: 'resnet20', sparsity: 0, set: 'silhouette' });
    expect(silhouette.scores.items).toHaveLength(16);
    const conflict = await run('cue-conflict');
    expect(Object.keys(conflict.scores.metrics)).toContain('shape_bias');
  });
});

async function digest(artifact: InputArtifact, name: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(artifact.dir, name)))
    .digest('hex');
}
