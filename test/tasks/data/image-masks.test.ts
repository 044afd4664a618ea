import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { ImageSet } from '../../../vision/data/image-set.ts';
import { openImageSet } from '../../../tasks/data/open.ts';
import { dataFolder } from './data-folder.ts';

const { picture, file, input, listed, refused } = dataFolder();

/** 8 x 6 as the pictures are. */
function grey(values: readonly number[], width = 8): Uint8Array {
  const data = Uint8Array.from({ length: width * 6 }, (_, at) => values[at] ?? 0);
  return encode({ width, height: 6, data, channels: 1 });
}

function indexed(values: readonly number[]): Uint8Array {
  const palette: [number, number, number][] = Array.from({ length: 256 }, (_, at) => [0, at, 0]);
  const data = Uint8Array.from({ length: 48 }, (_, at) => values[at] ?? 0);
  return encode({ width: 8, height: 6, data, channels: 1, palette });
}

async function opened(options: JsonObject = {}): Promise<ImageSet> {
  return await openImageSet(await input('image-masks', options));
}

async function indices(set: ImageSet, index = 0): Promise<readonly number[]> {
  return [...(await set.mask!(index))!.data.subarray(0, 4)];
}

describe('image-masks', () => {
  it('pairs images and masks by their paths, at any depth, and lists nothing else', async () => {
    for (const path of ['images/b.jpg', 'images/deep/a.png']) await picture(path);
    await file('masks/b.png', grey([1]));
    await file('masks/deep/a.png', grey([2]));
    await file('masks/stray.png', grey([]));
    await file('images/notes.txt', '');
    expect(await listed('image-masks', {})).toEqual([
      'images/b.jpg',
      'images/deep/a.png',
      'masks/b.png',
      'masks/deep/a.png',
    ]);
    const set = await opened();
    expect(set.records).toEqual([
      { id: 'images/b.jpg', label: -1 },
      { id: 'images/deep/a.png', label: -1 },
    ]);
    expect(await indices(set, 1)).toEqual([2, 0, 0, 0]);
    expect((await set.image(1)).width).toBe(8);
    expect(set.maskIndices).toBeUndefined();
  });

  it('takes other folders and names', async () => {
    await picture('photos/1.jpg');
    await file('truth/1_seg.png', grey([1]));
    expect(
      await listed('image-masks', { images: 'photos', masks: 'truth', suffix: '_seg', limit: 5 }),
    ).toEqual(['photos/1.jpg', 'truth/1_seg.png']);
    expect(await refused('image-masks', {})).toContain('photos, truth');
  });

  it('names an image without a mask, or keeps it on demand', async () => {
    for (const name of ['a', 'b', 'c']) await picture(`images/${name}.jpg`);
    await file('masks/b.png', grey([1]));
    const message = await refused('image-masks', {});
    expect(message).toContain('images/a.jpg has no mask masks/a.png, and 1 more');
    expect(message).toContain('unmasked: keep');
    const set = await opened({ unmasked: 'keep' });
    expect(set.records).toHaveLength(3);
    expect(await set.mask!(0)).toBeUndefined();
    expect(await indices(set, 1)).toEqual([1, 0, 0, 0]);
    expect(await listed('image-masks', { exclude: ['images/a.jpg', 'images/c.jpg'] })).toHaveLength(2);
  });

  it('keeps indices of palettes and grey levels, and knows a void border only where told', async () => {
    await picture('images/a.jpg');
    await file('masks/a.png', indexed([0, 3, 255, 9]));
    expect(await indices(await opened({ indices: 'objects' }))).toEqual([0, 3, 254, 9]);
    expect(await indices(await opened({ void: 255 }))).toEqual([0, 3, 255, 9]);
    expect(await indices(await opened({ void: 9 }))).toEqual([0, 3, 254, 255]);
    expect((await opened({ indices: 'objects' })).maskIndices).toEqual({ of: 'objects' });
  });

  it('takes any colour but black for an object', async () => {
    await picture('images/a.jpg');
    const data = new Uint8Array(48 * 3);
    data.set([0, 0, 0, 0, 0, 1, 255, 255, 255, 0, 9, 0]);
    await file('masks/a.png', encode({ width: 8, height: 6, channels: 3, data }));
    expect(await indices(await opened())).toEqual([0, 1, 1, 1]);
  });

  it('names the file and the place of an index that no class has', async () => {
    await picture('images/a.jpg');
    await file('masks/a.png', indexed([0, 1, 2, 0, 0, 0, 0, 0, 0, 3]));
    const set = await opened({ classes: ['lesion', 'hair'] });
    expect(set.classes).toEqual(['lesion', 'hair']);
    await expect(set.mask!(0)).rejects.toMatchObject({ name: 'ImageFailure', path: 'masks/a.png' });
    await expect(set.mask!(0)).rejects.toThrow('index 3 (column 1, row 1)');
    expect(await indices(await opened({ classes: ['lesion', 'hair', 'ink'] }))).toEqual([0, 1, 2, 0]);
  });

  it.each([
    ['of another size', grey([1], 5), 'masks/a.png does not fit: it has 5 x 6 pixels'],
    ['that is cut off', grey([1]).subarray(0, 60), 'masks/a.png is damaged'],
    [
      'of 16 bits',
      encode({ width: 8, height: 6, channels: 1, depth: 16, data: new Uint16Array(48) }),
      'masks/a.png is damaged or no image: masks of 16 bits',
    ],
    ['that is no image', new TextEncoder().encode('hello, I am a mask, really'), 'no PNG'],
  ])('names a mask %s', async (_, content, message) => {
    await picture('images/a.jpg');
    await file('masks/a.png', content);
    await expect((await opened()).mask!(0)).rejects.toThrow(message);
  });
});
