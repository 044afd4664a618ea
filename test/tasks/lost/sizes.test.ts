import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBoxesFile } from '../../../tasks/boxes/boxes-file.ts';
import { lost } from '../../../tasks/lost/index.ts';
import { openImageSet } from '../../../tasks/data/open.ts';
import { categories } from '../../../vision/ood/categories.ts';
import { useTestBackend } from '../../support/backend.ts';
import { dataFolder } from '../data/data-folder.ts';
import { runKind, shapesData } from '../support/run-kind.ts';
import { freshModel } from '../support/stored-models.ts';

const { root, input } = dataFolder();
const sizes = [
  [32, 32],
  [30, 21],
  [32, 32],
  [29, 24],
  [32, 20],
] as const;

/** Drawings cut to several sizes, in mixed order. */
async function draw(): Promise<void> {
  const set = await openImageSet(shapesData({ split: 'masks', count: sizes.length }));
  await mkdir(join(root(), 'drawings'));
  for (const [place, [width, height]] of sizes.entries()) {
    const { data } = await set.image(place);
    await sharp(data, { raw: { width: 32, height: 32, channels: 3 } })
      .extract({ left: 0, top: 0, width, height })
      .png()
      .toFile(join(root(), 'drawings', `${place}.png`));
  }
}

describe('lost on images of several sizes', () => {
  beforeAll(async () => {
    await useTestBackend();
  });

  it('finds in each what it finds in it alone, in the order of the data set', async () => {
    await draw();
    const model = await freshModel('vit_mini_4', categories);
    // The seed's own row alone: an untrained model's boxes are else as large as the images.
    const boxesOf = async (exclude: readonly string[] = []) => {
      const data = await input('image-folder', exclude.length === 0 ? {} : { exclude });
      const made = await runKind({ kind: lost, options: { k: 1 }, artifacts: { model }, data: { data } });
      return (await readBoxesFile(made.outputs['boxes']!.dir)).items;
    };
    const names = sizes.map((_, place) => `drawings/${place}.png`);
    const together = await boxesOf();
    expect(together.map(({ id }) => id)).toEqual(names);
    expect(together.map(({ imageWidth, imageHeight }) => [imageWidth, imageHeight])).toEqual(sizes);
    for (const [place, name] of names.entries()) {
      const others = names.filter((other) => other !== name);
      expect(await boxesOf(others)).toEqual([together[place]]);
    }
    // Two of one size, which went together, and are not taken for each other.
    expect(together[0]!.box).not.toEqual(together[2]!.box);
  });
});
