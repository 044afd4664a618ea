import { describe, expect, it } from 'vitest';
import { readBoxList } from '../../../vision/data/box-lists/index.ts';
import { jsonLine } from '../../../vision/data/box-lists/json-line.ts';
import { ImageFailure } from '../../../vision/data/image-failure.ts';

const read = (text: string, path: string) => readBoxList(Buffer.from(text), path);

describe('boxes of a CSV file', () => {
  const header = 'image,xmin,ymin,xmax,ymax,label';

  it('has a row a box, in any order of columns, quotes and line ends', () => {
    const text =
      '\uFEFFlabel,xmax,image,xmin,ymin,ymax\r\n"cat, black",10.5,"a ""1"".png",1,2,3\r\n\r\ndog,8,b/c.jpg,0,0,8\r\n,9,"a ""1"".png",0,0,9';
    expect(read(text, 'x.csv')).toEqual([
      {
        image: 'a "1".png',
        boxes: [
          { x0: 1, y0: 2, x1: 10.5, y1: 3, category: 'cat, black' },
          { x0: 0, y0: 0, x1: 9, y1: 9 },
        ],
      },
      { image: 'b/c.jpg', boxes: [{ x0: 0, y0: 0, x1: 8, y1: 8, category: 'dog' }] },
    ]);
  });

  it('takes a row without corners as an image without objects, and needs no labels', () => {
    expect(read('image,xmin,ymin,xmax,ymax\na.png,,,,\n', 'x.CSV')).toEqual([{ image: 'a.png', boxes: [] }]);
  });

  it.each([
    ['', 'x.csv: it is empty'],
    ['image,xmin,ymin,xmax\n', 'x.csv, line 1: no column ymax'],
    [`${header},colour\n`, "x.csv, line 1: a column 'colour'"],
    [`${header},label\n`, 'x.csv, line 1: a column is there twice'],
    [`${header}\n"a\nb.png",1,1,2,2,c\na.png,1,1,2,2\n`, 'x.csv, line 4: 5 fields, but 6 columns'],
    [`${header}\na.png,1,,2,2,c\n`, "x.csv, line 2: ymin is '', which is no number"],
    [`${header}\na.png,1,1,2,1e999,c\n`, "x.csv, line 2: ymax is '1e999', which is no number"],
    [`${header}\na.png,3,1,2,2,c\n`, 'x.csv, line 2: a box that ends before it begins: x 3 to 2'],
    [`${header}\n/etc/a.png,1,1,2,2,c\n`, "x.csv, line 2: the image '/etc/a.png' is no path under the root"],
    [`${header}\nb/../../a.png,1,1,2,2,c\n`, "x.csv, line 2: the image 'b/../../a.png' is no plain path"],
    [`${header}\n,1,1,2,2,c\n`, 'x.csv, line 2: the name of the image is empty'],
    [`${header}\na.png,1,1,2,2,c\n"a"b.png,1,1,2,2,c\n`, 'x.csv, line 3: a quoted cell does not end'],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => read(text, 'x.csv')).toThrow(ImageFailure);
    expect(() => read(text, 'x.csv')).toThrow(message);
  });
});

describe('boxes of a COCO file', () => {
  /** One value a line, so that lines tell entries apart. */
  const file = (changes: object): string =>
    JSON.stringify(
      {
        info: { brackets: '] }', number: -1.5e3 },
        categories: [{ id: 18, name: 'dog' }],
        images: [
          { id: 7, file_name: 'a.jpg' },
          { id: 3, file_name: 'sub/b.jpg' },
        ],
        annotations: [
          { image_id: 3, category_id: 18, bbox: [1.5, 2, 3, 4], iscrowd: 0 },
          { image_id: 7, category_id: 18, bbox: [0, 0, 9, 9], iscrowd: 1 },
          { image_id: 3, bbox: [5, 5, 0, 2] },
        ],
        ...changes,
      },
      null,
      1,
    );

  it('has the boxes of each listed image, crowds left out', () => {
    expect(read(file({}), 'x.json')).toEqual([
      { image: 'a.jpg', boxes: [] },
      {
        image: 'sub/b.jpg',
        boxes: [
          { x0: 1.5, y0: 2, x1: 4.5, y1: 6, category: 'dog' },
          { x0: 5, y0: 5, x1: 5, y1: 7 },
        ],
      },
    ]);
  });

  it.each([
    ['[]', 'x.json: no JSON object with images and annotations'],
    ['{"images": [],\n}', 'x.json, line 2: no JSON'],
    ['{"images": [\n\n01]}', 'x.json, line 3: no JSON'],
    ['{"images":\n"a', 'x.json, line 2: no JSON'],
    [file({ images: undefined }), "x.json, line 1: no list 'images'"],
    [
      file({ annotations: [] }).replace('"file_name": "sub', '"name": "sub'),
      'x.json, line 17: an image without file_name',
    ],
    [file({}).replace('"id": 3', '"id": 7'), 'x.json, line 17: a second image of id 7'],
    [
      file({}).replace('"file_name": "a', '"file_name": "../a'),
      "x.json, line 13: the image '../a.jpg' is no plain path",
    ],
    [file({ annotations: [{ image_id: 8 }] }), 'x.json, line 23: an annotation of no listed image'],
    [
      file({ annotations: [{ image_id: 3, bbox: [1, 2, 3] }] }),
      'x.json, line 23: an annotation whose bbox is not',
    ],
    [file({ annotations: [{ image_id: 3, bbox: [1, 2, -3, 1] }] }), 'line 23: a box of negative size'],
    [
      file({ annotations: [{ image_id: 3, bbox: [1, 2, 3, 1], category_id: 1 }] }),
      'line 23: an annotation of no listed category',
    ],
    [file({ annotations: [3] }), 'x.json, line 23: annotations[0] is no object'],
    [file({ categories: [{ id: 1 }] }), 'line 7: a category without a name'],
  ])('says what is wrong with %#', (text, message) => {
    expect(() => read(text, 'x.json')).toThrow(ImageFailure);
    expect(() => read(text, 'x.json')).toThrow(message);
  });
});

describe('jsonLine', () => {
  it('finds values behind any others', () => {
    const text = '{"a": {"b": [1, "}", []]},\r\n"c": [{}, true,\n{"b": 2}\n]}';
    expect(jsonLine(text, ['c'])).toBe(2);
    expect(jsonLine(text, ['c', 2, 'b'])).toBe(3);
    expect(jsonLine(text, ['d'])).toBe(4);
  });

  it('gives up where nesting has no end', () => {
    expect(jsonLine('[\n'.repeat(100_000), [])).toBe(1);
    expect(jsonLine('[\n'.repeat(100_000), ['x'])).toBeLessThan(1000);
  });
});
