import { mkdir, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { Digest } from '../../../cache/digest.ts';
import { openImageSet } from '../../../tasks/data/open.ts';
import { dataAdapters } from '../../../tasks/data/registry.ts';
import { indicesIn } from '../../../vision/localisation/regions.ts';
import { oodSets } from '../../../vision/ood/sets.ts';
import { sharedDir } from '../../support/shared.ts';
import { adapterNamed, dataFolder } from './data-folder.ts';

const data = dataFolder();
const { picture, file, input, listed, refused } = data;

describe('image-folder', () => {
  it('lists images by class in code-unit order, and nothing else', async () => {
    for (const path of [
      'b/2.png',
      'b/10.jpg',
      'a/x.JPEG'.replace('JPEG', 'jpeg'),
      'Z/1.png',
      '.hidden/1.png',
      'a/.trash.png',
    ]) {
      await picture(path);
    }
    await file('a/notes.txt', 'no image');
    await file('README.md', 'no class');
    expect(await listed('image-folder', {})).toEqual(['Z/1.png', 'a/x.jpeg', 'b/10.jpg', 'b/2.png']);
    const set = await openImageSet(await input('image-folder', {}));
    expect(set.classes).toEqual(['Z', 'a', 'b']);
    expect(set.records.map(({ label }) => label)).toEqual([0, 1, 2, 2]);
    expect((await set.image(2)).data.length).toBe(8 * 6 * 3);
  });

  it('reads a split, the classes in the order asked for, and an even share', async () => {
    for (const name of ['cat', 'dog', 'emu']) {
      for (const number of [1, 2, 3, 4]) await picture(`val/${name}/${number}.png`);
    }
    expect(await listed('image-folder', { split: 'val', classes: ['emu', 'cat'], limit: 3 })).toEqual([
      'val/emu/1.png',
      'val/emu/2.png',
      'val/cat/1.png',
    ]);
    expect(await listed('image-folder', { split: 'val', limit: 1 })).toEqual([
      'val/cat/1.png',
      'val/dog/1.png',
      'val/emu/1.png',
    ]);
    const set = await openImageSet(await input('image-folder', { split: 'val', classes: ['emu', 'cat'] }));
    expect(set.classes).toEqual(['emu', 'cat']);
    expect(set.records[0]).toEqual({ id: 'val/emu/1.png', label: 0 });
    expect(await refused('image-folder', { split: 'test' })).toContain('val');
    expect(await refused('image-folder', { split: 'val', classes: ['yak'] })).toContain('cat, dog, emu');
  });

  it('follows links', async () => {
    await picture('real/1.png');
    await mkdir(join(data.root(), 'all'));
    await symlink(join(data.root(), 'real'), join(data.root(), 'all/linked'));
    expect(await listed('image-folder', { split: 'all' })).toEqual(['all/linked/1.png']);
  });

  it('says what it looked for', async () => {
    await file('a/notes.txt', '');
    expect(await refused('image-folder', {})).toContain('IMAGE.jpg');
  });

  it('names a damaged image', async () => {
    await picture('a/1.png');
    await file('a/2.png', 'no image');
    const set = await openImageSet(await input('image-folder', {}));
    await expect(set.image(1)).rejects.toMatchObject({ name: 'ImageFailure', path: 'a/2.png' });
  });

  it('withholds what changed since the plan', async () => {
    await picture('a/1.png', 10);
    await picture('a/2.png', 10);
    await picture('a/3.png', 10);
    const given = await input('image-folder', {});
    await picture('a/1.png', 200);
    await utimes(join(data.root(), 'a/2.png'), new Date(), new Date(Date.now() + 5000));
    await rm(join(data.root(), 'a/3.png'));
    const set = await openImageSet(given);
    for (const index of [0, 1, 2]) {
      await expect(set.image(index)).rejects.toMatchObject({
        name: 'TaskError',
        failureClass: 'data-changed',
      });
    }
  });
});

describe('voc', () => {
  const xml = (name: string): string =>
    `<annotation><object><name>${name}</name><difficult/><bndbox><xmin>1</xmin><ymin>2.5</ymin><xmax>8</xmax><ymax>6</ymax></bndbox></object></annotation>`;

  async function image(id: string, mask: boolean): Promise<void> {
    await picture(`VOC2012/JPEGImages/${id}.jpg`);
    await file(`VOC2012/Annotations/${id}.xml`, xml('dog'));
    if (!mask) return;
    const data = Uint8Array.from({ length: 48 }, (_, at) => (at < 8 ? 255 : at < 20 ? 12 : 0));
    const palette: [number, number, number][] = Array.from({ length: 256 }, (_, level) => [0, level, level]);
    await file(
      `VOC2012/SegmentationClass/${id}.png`,
      encode({ width: 8, height: 6, data, channels: 1, palette }),
    );
  }

  it('reads lists, boxes and masks', async () => {
    for (const id of ['2008_1', '2008_2', '2008_3']) await image(id, id !== '2008_2');
    await file('VOC2012/ImageSets/Segmentation/val.txt', '2008_3\n2008_1\n');
    await file('VOC2012/ImageSets/Main/dog_val.txt', '2008_1 -1\n2008_2  1\n');
    const set = await openImageSet(await input('voc', { task: 'segmentation' }));
    expect(set.records.map(({ id }) => id)).toEqual(['2008_3', '2008_1']);
    expect(set.records[0]).toMatchObject({
      label: 11,
      boxes: [{ x0: 0, y0: 1.5, x1: 8, y1: 6, category: 'dog' }],
    });
    const mask = (await set.mask!(1))!;
    expect([0, 12, 255].map((value) => mask.data.filter((each) => each === value).length)).toEqual([
      28, 12, 8,
    ]);
    expect((await set.image(0)).width).toBe(8);
    expect(await listed('voc', { split: 'dog_val' })).toEqual([
      'VOC2012/JPEGImages/2008_2.jpg',
      'VOC2012/Annotations/2008_2.xml',
    ]);
    expect((await openImageSet(await input('voc', {}))).mask).toBeUndefined();
  });

  it('takes all that is annotated where there is no list', async () => {
    for (const id of ['b', 'a']) await image(id, true);
    expect(await listed('voc', { split: 'val', limit: 1 })).toEqual([
      'VOC2012/JPEGImages/a.jpg',
      'VOC2012/Annotations/a.xml',
    ]);
  });

  it('says what lacks', async () => {
    expect(await refused('voc', {})).toContain('VOCdevkit');
    await image('a', false);
    await file('VOC2012/ImageSets/Main/val.txt', 'a\nb\n');
    expect(await refused('voc', {})).toContain('b.jpg');
    await file('VOC2012/ImageSets/Segmentation/val.txt', 'a\n');
    expect(await refused('voc', { task: 'segmentation' })).toContain('SegmentationClass/a.png');
  });
});

describe('geirhos', () => {
  it('reads categories, conditions and textures from names and folders', async () => {
    await picture('contrast/dnn/session-1/0001_cop_dnn_c05_knife_10_n03041632_7380.png');
    await picture('contrast/dnn/session-2/0002_cop_dnn_c100_dog_10_n03041632_7.png');
    await picture('uniform-noise/dnn/session-1/0001_nse_dnn_0.10_elephant_10_n02504458_7209.png');
    await picture('sketch/dnn/session-1/0001_ske_dnn_0_boat_00_boat-0068-sketch-23.png');
    await picture('cue-conflict/cat/cat1-bird12.png');
    await picture('edge/oven/oven10.png');
    const records = async (part: string) =>
      (await openImageSet(await input('geirhos', {}, { part }))).records;
    expect(await records('contrast')).toMatchObject([
      { label: 13, condition: 'c05' },
      { label: 10, condition: 'c100' },
    ]);
    expect(await records('uniform-noise')).toMatchObject([{ label: 11, condition: '0.1' }]);
    expect((await records('sketch'))[0]).not.toHaveProperty('condition');
    expect(await records('cue-conflict')).toMatchObject([{ label: 7, texture: 'bird' }]);
    expect(await records('edge')).toEqual([{ id: 'edge/oven/oven10.png', label: 14 }]);
    expect(await refused('geirhos', {})).toContain(
      'sets: [edge, cue-conflict, contrast, uniform-noise, sketch]',
    );
  });

  it('knows its sets from the options', () => {
    expect(adapterNamed('geirhos').lists!({})).toEqual({ sets: oodSets.map(({ name }) => name) });
    expect(adapterNamed('geirhos').lists!({ sets: ['edge', 'sketch'] })).toEqual({
      sets: ['edge', 'sketch'],
    });
  });

  it.each([
    ['contrast', 'contrast/some.png', 'its name is not NUMBER_SET_SUBJECT_CONDITION_CATEGORY_'],
    [
      'contrast',
      'contrast/dnn/session-1/1_cop_dnn_c07_knife_10_n0_1.png',
      "unknown condition 'c07' (contrast has c100",
    ],
    [
      'high-pass',
      'high-pass/1_hp_dnn_2.5_bear_10_n0_1.png',
      "unknown condition '2.5' (high-pass has inf, 3, 1.5",
    ],
    ['sketch', 'sketch/1_ske_dnn_0_yak_00_yak.png', "the fifth part of its name names no category: 'yak'"],
    ['edge', 'edge/yak/yak1.png', "its folder names no category: 'yak'"],
    ['cue-conflict', 'cue-conflict/cat/cat1-yak2.png', "its texture is no category: 'yak'"],
  ])('names a misplaced or misnamed file of %s: %s', async (part, path, reason) => {
    await picture(path);
    const opened = openImageSet(await input('geirhos', {}, { part }));
    await expect(opened).rejects.toMatchObject({ name: 'ImageFailure', path });
    await expect(opened).rejects.toThrow(reason);
  });
});

describe('human-decisions', () => {
  it('lists the people of each set and nothing else', async () => {
    await file('edge/edge_subject-02_session_1.csv', '');
    await file('edge/edge_subject-01_session_2.csv', '');
    await file('edge/edge_resnet50_session_1.csv', 'a model');
    await file('edge/README.md', '');
    await file('sketch/sketch_subject-01_session_1.csv', '');
    expect(await listed('human-decisions', { sets: ['sketch', 'edge'] })).toEqual([
      'sketch/sketch_subject-01_session_1.csv',
      'edge/edge_subject-01_session_2.csv',
      'edge/edge_subject-02_session_1.csv',
    ]);
    expect(await listed('human-decisions', {}, 'sketch')).toHaveLength(1);
    expect(await refused('human-decisions', {})).toContain('sets: [edge, sketch]');
    expect(await refused('human-decisions', { sets: ['colour'] })).toContain(
      'colour_subject-01_session_1.csv',
    );
    expect(adapterNamed('human-decisions').lists!({})['sets']).toHaveLength(17);
  });

  it('are no images', async () => {
    await file('edge/edge_subject-01_session_1.csv', '');
    await expect(openImageSet(await input('human-decisions', {}, { part: 'edge' }))).rejects.toThrow(
      'compare-humans reads it',
    );
  });
});

it('keeps a set for the next task on the same data', async () => {
  await picture('a/1.png');
  const given = await input('image-folder', {});
  const first = await openImageSet(given);
  const image = await first.image(0);
  await rm(join(data.root(), 'a/1.png'));
  expect(await (await openImageSet({ ...given })).image(0)).toBe(image);
  const others = Array.from({ length: 30 }, (_, index) => ({
    ...given,
    digest: `sha256:x${index}` as Digest,
  }));
  for (const other of others) await openImageSet(other);
  await expect((await openImageSet(given)).image(0)).rejects.toMatchObject({ failureClass: 'data-changed' });
});

describe('shapes', () => {
  const open = (options: JsonObject, part?: string) =>
    openImageSet({
      adapter: 'shapes',
      options,
      root: undefined,
      part,
      digest: 'sha256:0' as Digest,
      facts: {},
      files: [],
    });

  it('opens every split and set', async () => {
    expect((await open({ split: 'train' })).records.length).toBe(2048);
    expect((await open({ split: 'validation', count: 20 })).records.length).toBe(20);
    expect((await open({ split: 'masks', count: 20 })).mask).toBeDefined();
    expect((await open({ split: 'ood', count: 20 }, 'edge')).records.length).toBe(20);
    const all = await open({ split: 'ood', count: 2, sets: ['edge', 'contrast'], size: 16 });
    expect(all.records.map(({ id }) => id.split('/')[0])).toEqual(['edge', 'edge', 'contrast', 'contrast']);
    expect((await all.image(3)).width).toBe(16);
  });

  it('promises its size and its sets', () => {
    const { facts, lists } = adapterNamed('shapes');
    expect(facts!({ split: 'ood', size: 32, seed: 0 })).toMatchObject({ classes: 16, images: 17 * 128 });
    expect(lists!({ split: 'ood' })['sets']).toHaveLength(17);
    expect(lists!({ split: 'train' })).toEqual({ sets: [] });
  });
});

it('has smoke options of eight images for every adapter of images', () => {
  for (const { smoke } of dataAdapters.filter(({ adapter }) => adapter !== 'human-decisions')) {
    const options = smoke!({ split: 'train' });
    expect(options['limit'] ?? options['count']).toBe(8);
  }
});

describe.runIf(sharedDir() !== undefined)('real data', () => {
  const real = (folder: string) => ({ from: join(sharedDir() ?? '', 'data', folder) });

  it('opens CIFAR-10, VOC and the stimuli', async () => {
    const cifar = await openImageSet(await input('image-folder', { split: 'test' }, real('cifar10')));
    expect([cifar.records.length, cifar.classes.length]).toEqual([2000, 10]);
    expect((await cifar.image(1999)).width).toBe(32);
    const voc = await openImageSet(await input('voc', { task: 'segmentation' }, real('voc-mini/VOCdevkit')));
    expect(voc.records.map(({ id }) => id)).toEqual(['2011_000003', '2011_000006', '2011_000025']);
    const [image, mask] = [await voc.image(0), (await voc.mask!(0))!];
    expect([mask.width, mask.height]).toEqual([image.width, image.height]);
    expect(voc.records[0]!.boxes![0]!.y0).toBeCloseTo(106.369, 3);
    // Objects are numbered with gaps, and not all that is drawn is annotated.
    const shown = async (masks: string): Promise<readonly (readonly number[])[]> => {
      const options = { task: 'segmentation', masks };
      const set = await openImageSet(await input('voc', options, real('voc-mini/VOCdevkit')));
      return Promise.all(set.records.map(async (_, index) => indicesIn((await set.mask!(index))!.data)));
    };
    const names = (await shown('class')).map((row) => row.map((index) => voc.classes[index - 1]));
    expect(names).toEqual([
      ['bottle', 'person'],
      ['chair', 'person', 'sofa'],
      ['bus', 'car'],
    ]);
    expect(await shown('object')).toEqual([
      [1, 2, 3],
      [1, 2, 3, 4, 5, 7],
      [1, 2, 3],
    ]);
    expect(await shown('authors')).toEqual([[1], [1], [1]]);
    const conflict = await openImageSet(
      await input('geirhos', {}, { ...real('geirhos'), part: 'cue-conflict' }),
    );
    expect(conflict.records.length).toBe(160);
    expect(conflict.records.find(({ id }) => id.endsWith('airplane10-cat2.png'))!.texture).toBe('cat');
  });
});
