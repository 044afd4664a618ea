import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import { openImageSet } from '../../../tasks/data/open.ts';
import { sharedDir } from '../../support/shared.ts';
import { dataFolder } from './data-folder.ts';

const data = dataFolder();
const synsets = ['n01440764', 'n01443537', 'n02099601'];

/** Validation images in one folder; the label of each is its number modulo three. */
async function flat(folder: string, count = 5): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => validationName(index));
  for (const name of names) await data.picture(`${folder}/${name}.JPEG`);
  return names;
}

function validationName(index: number): string {
  return `ILSVRC2012_val_${String(index + 1).padStart(8, '0')}`;
}

async function labels(options: JsonObject): Promise<readonly [string, string][]> {
  const set = await openImageSet(await data.input('imagenet', options));
  return set.records.map(({ id, label }) => [id.split('/').at(-1)!, set.classes[label]!]);
}

describe('imagenet in class folders', () => {
  it.each([
    ['right under the root', ''],
    ['as Kaggle has it', 'ILSVRC/Data/CLS-LOC/'],
  ])('reads both splits %s', async (_, prefix) => {
    for (const split of ['train', 'val'])
      for (const synset of [...synsets].reverse())
        await data.picture(`${prefix}${split}/${synset}/${synset}_1.JPEG`);
    await data.picture(`${prefix}train/lost+found/1.JPEG`);
    for (const split of ['train', 'val']) {
      expect(await data.listed('imagenet', { split })).toEqual(
        synsets.map((synset) => `${prefix}${split}/${synset}/${synset}_1.JPEG`),
      );
      const set = await openImageSet(await data.input('imagenet', { split }));
      expect(set.classes).toEqual(synsets);
      expect(set.records.map(({ label }) => label)).toEqual([0, 1, 2]);
      expect((await set.image(1)).width).toBe(8);
    }
  });

  it('says what it looked for', async () => {
    expect(await data.refused('imagenet', { split: 'train' })).toContain('train/n01440764');
  });
});

describe('imagenet’s validation images in one folder', () => {
  const wanted = Array.from({ length: 5 }, (_, index): [string, string] => [
    `${validationName(index)}.JPEG`,
    synsets[index % 3]!,
  ]);
  const numbers = wanted.map((_, index) => index % 3);
  const devkit = 'ILSVRC2012_devkit_t12/data';

  it.each<[string, { readonly [file: string]: string }]>([
    [
      'Kaggle’s solution',
      {
        'LOC_val_solution.csv': [
          'ImageId,PredictionString',
          ...wanted
            .map(([name, synset]) => `${name.slice(0, -5)},${synset} 10 20 30 40 n09999999 1 2 3 4 `)
            .reverse(),
        ].join('\n'),
      },
    ],
    [
      'a synset a line',
      { 'imagenet_2012_validation_synset_labels.txt': wanted.map(([, synset]) => synset).join('\n') },
    ],
    ['names and synsets', { 'val/val.txt': wanted.map((pair) => pair.join(' ')).join('\r\n') }],
    [
      'names and places among the synsets',
      {
        'val.txt': wanted.map(([name], index) => `${name} ${numbers[index]!}`).join('\n'),
        'synset_words.txt': synsets.map((synset) => `${synset} tench, Tinca tinca`).join('\n'),
      },
    ],
    [
      'the development kit’s numbers',
      {
        // The kit's numbers are in an order of their own, from 1.
        [`${devkit}/ILSVRC2012_validation_ground_truth.txt`]: numbers.map((at) => [3, 1, 2][at]).join('\n'),
        [`${devkit}/map_clsloc.txt`]: `${synsets[1]!} 1 goldfish\n${synsets[2]!} 2 retriever\n${synsets[0]!} 3 tench\n`,
      },
    ],
  ])('has labels by %s', async (_, files) => {
    await flat('val');
    for (const [path, content] of Object.entries(files)) await data.file(path, content);
    expect(await labels({ split: 'val' })).toEqual(wanted);
    // The files that the labels come from are part of what a result depends on.
    expect(await data.listed('imagenet', { split: 'val' })).toEqual(
      expect.arrayContaining(Object.keys(files)),
    );
    const two = await labels({ split: 'val', limit: 2 });
    expect(two).toEqual([wanted[0], wanted[2]]);
    const some = await openImageSet(
      await data.input('imagenet', { split: 'val', classes: [synsets[2]!, synsets[0]!] }),
    );
    expect(some.classes).toEqual([synsets[2], synsets[0]]);
    expect(some.records.map(({ label }) => label)).toEqual([1, 0, 1]);
  });

  it('keeps the labels of few images those of all', async () => {
    await flat('val');
    await data.file('val.txt', wanted.map((pair) => pair.join(' ')).join('\n'));
    const set = await openImageSet(await data.input('imagenet', { split: 'val', limit: 1 }));
    expect(set.classes).toEqual(synsets);
  });

  it('says what lacks', async () => {
    await flat('val');
    expect(await data.refused('imagenet', { split: 'val' })).toContain('LOC_val_solution.csv');
    await data.file('val.txt', wanted.map(([name], index) => `${name} ${index}`).join('\n'));
    expect(await data.refused('imagenet', { split: 'val' })).toContain('synset_words.txt');
    await data.file('synsets.txt', synsets.join('\n'));
    expect(await data.refused('imagenet', { split: 'val' })).toContain(validationName(3));
    await data.file(
      'val.txt',
      wanted
        .slice(1)
        .map((pair) => pair.join(' '))
        .join('\n'),
    );
    expect(await data.refused('imagenet', { split: 'val' })).toContain(`no label of ${validationName(0)}`);
  });
});

describe('difficult images', () => {
  it('are left out by name, and a slip is told', async () => {
    for (const number of [1, 2, 3]) await data.picture(`a/${number}.png`);
    await data.picture('b/1.png');
    expect(await data.listed('image-folder', { exclude: ['a/2.png'] })).toEqual([
      'a/1.png',
      'a/3.png',
      'b/1.png',
    ]);
    expect(await data.listed('image-folder', { exclude: ['a/1.png'], limit: 2 })).toEqual([
      'a/2.png',
      'b/1.png',
    ]);
    expect(await data.refused('image-folder', { exclude: ['a/9.png'] })).toContain('a/9.png');
    await flat('val', 3);
    await data.file('val.txt', [0, 1, 2].map((at) => `${validationName(at)} ${synsets[at]!}`).join('\n'));
    const exclude = [`val/${validationName(1)}.JPEG`];
    expect((await labels({ split: 'val', exclude })).map(([name]) => name)).toEqual([
      `${validationName(0)}.JPEG`,
      `${validationName(2)}.JPEG`,
    ]);
  });

  it('are read as the options say', async () => {
    const bytes = await sharp({ create: { width: 8, height: 6, channels: 3, background: 'red' } })
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer();
    await mkdir(join(data.root(), 'a'), { recursive: true });
    await writeFile(join(data.root(), 'a/turned.png'), bytes);
    const set = await openImageSet(await data.input('image-folder', { exif: 'apply' }));
    expect((await set.image(0)).width).toBe(6);
    expect((await (await openImageSet(await data.input('image-folder', {}))).image(0)).width).toBe(8);
  });
});

describe.runIf(sharedDir() !== undefined)('real photographs', () => {
  it('are the 40 synsets of the sample, in code-unit order', async () => {
    const from = join(sharedDir() ?? '', 'data/imagenet-mini');
    await symlink(from, join(data.root(), 'val'));
    const set = await openImageSet(await data.input('imagenet', { split: 'val' }));
    expect([set.records.length, set.classes.length, set.classes[0]]).toEqual([40, 40, 'n01440764']);
    expect((await set.image(0)).width).toBeGreaterThan(100);
    await rename(join(data.root(), 'val'), join(data.root(), 'train'));
    expect((await data.listed('imagenet', { split: 'train' })).length).toBe(40);
  });
});
