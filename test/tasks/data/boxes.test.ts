import { describe, expect, it } from 'vitest';
import { openImageSet } from '../../../tasks/data/open.ts';
import { adapterNamed, dataFolder } from './data-folder.ts';

const { picture, file, input, listed, refused } = dataFolder();

describe('boxes', () => {
  const csv =
    'image,xmin,ymin,xmax,ymax,label\na.png,1,1,4,5,dog\nsub/b.jpg,0,0,8,6,cat\na.png,0,0,2,2,cat\n';

  it('opens the images that a CSV file names, with their boxes', async () => {
    for (const path of ['photos/a.png', 'photos/sub/b.jpg', 'photos/stray.png']) await picture(path);
    await file('boxes.csv', csv);
    const options = { annotations: 'boxes.csv', images: 'photos' };
    expect(await listed('boxes', options)).toEqual(['boxes.csv', 'photos/a.png', 'photos/sub/b.jpg']);
    const set = await openImageSet(await input('boxes', options));
    expect(set.classes).toEqual(['cat', 'dog']);
    expect(set.records).toMatchObject([
      { id: 'photos/a.png', label: -1, boxes: [{ category: 'dog' }, { x1: 2, category: 'cat' }] },
      { id: 'photos/sub/b.jpg', label: 0, boxes: [{ x0: 0, y0: 0, x1: 8, y1: 6 }] },
    ]);
    expect((await set.image(1)).width).toBe(8);
    expect(await listed('boxes', { ...options, limit: 1 })).toEqual(['boxes.csv', 'photos/a.png']);
  });

  it('opens those of a COCO file, images without objects too', async () => {
    await picture('1.png');
    await picture('2.png');
    const images = [1, 2].map((id) => ({ id, file_name: `${id}.png` }));
    const annotations = [{ image_id: 2, bbox: [1, 1, 3, 2] }];
    await file('lists/instances.json', JSON.stringify({ images, annotations }));
    const set = await openImageSet(await input('boxes', { annotations: 'lists/instances.json' }));
    expect(set.records).toEqual([
      { id: '1.png', label: -1, boxes: [] },
      { id: '2.png', label: -1, boxes: [{ x0: 1, y0: 1, x1: 4, y1: 3 }] },
    ]);
  });

  it('says what lacks or is wrong', async () => {
    expect(await refused('boxes', { annotations: 'boxes.csv' })).toContain('boxes.csv cannot be read');
    await file('boxes.csv', csv);
    await picture('a.png');
    expect(await refused('boxes', { annotations: 'boxes.csv' })).toContain(
      'names sub/b.jpg, which is not in',
    );
    await file('boxes.csv', csv.replace('1,1,4,5', '1,1,4'));
    expect(await refused('boxes', { annotations: 'boxes.csv' })).toContain('boxes.csv, line 2: 5 fields');
    await file('boxes.csv', 'image,xmin,ymin,xmax,ymax');
    expect(await refused('boxes', { annotations: 'boxes.csv' })).toContain('boxes.csv names no images');
  });

  it('keeps its paths below the root', () => {
    const { properties } = adapterNamed('boxes').options as {
      readonly properties: { readonly [name: string]: { readonly pattern: string } };
    };
    const fits = (option: string, value: string): boolean =>
      new RegExp(properties[option]!.pattern).test(value);
    for (const good of ['a.csv', 'a/b.c/d.json', '..a/b.csv']) expect(fits('annotations', good)).toBe(true);
    for (const bad of ['/a.csv', '../a.csv', 'a/../b.csv', './a.csv', 'a.txt', 'a\\b.csv'])
      expect(fits('annotations', bad)).toBe(false);
    for (const good of ['a', 'a/b', 'a.b', '.hidden']) expect(fits('images', good)).toBe(true);
    for (const bad of ['/a', '..', 'a/..', 'a/../b', './a', 'a/', ''])
      expect(fits('images', bad)).toBe(false);
  });
});

describe('voc of 2007', () => {
  it('reads trainval from the layout of its archives, with line ends of any system', async () => {
    const xml = (name: string): string =>
      `<annotation>\r\n<object><name>${name}</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>8</xmax><ymax>6</ymax></bndbox></object></annotation>`;
    for (const id of ['000005', '000007', '000009']) {
      await picture(`VOC2007/JPEGImages/${id}.jpg`);
      await file(`VOC2007/Annotations/${id}.xml`, xml('car'));
    }
    await file('VOC2007/ImageSets/Main/trainval.txt', '000005\r\n000007\r\n');
    await file('VOC2007/ImageSets/Main/test.txt', '\uFEFF000009\n');
    const open = async (split: string) => openImageSet(await input('voc', { year: 2007, split }));
    const [trainval, test] = [await open('trainval'), await open('test')];
    expect(trainval.records.map(({ id }) => id)).toEqual(['000005', '000007']);
    expect(trainval.records[0]).toMatchObject({
      label: 6,
      boxes: [{ x0: 0, y0: 1, x1: 8, y1: 6, category: 'car' }],
    });
    expect(test.records.map(({ id }) => id)).toEqual(['000009']);
  });

  it('names an annotation that is wrong when the set is opened', async () => {
    await picture('VOC2007/JPEGImages/1.jpg');
    await file('VOC2007/Annotations/1.xml', '<annotation>\n<object/>\n</annotation>');
    await expect(openImageSet(await input('voc', { year: 2007 }))).rejects.toThrow(
      'VOC2007/Annotations/1.xml, line 2: an object has no <name>',
    );
  });
});
