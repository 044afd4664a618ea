import { readFile } from 'node:fs/promises';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { ImageFailure } from '../../../vision/data/image-failure.ts';
import { readPaletteMask } from '../../../vision/data/palette-mask.ts';
import { readRedChannelMask } from '../../../vision/data/red-channel-mask.ts';
import { readVocAnnotation } from '../../../vision/data/voc-annotation.ts';
import { referenceJson, referencePath, referenceTensors } from '../../support/reference-case.ts';

interface GroundTruth {
  readonly images: readonly {
    readonly xml: string;
    readonly default: { readonly boxes: readonly number[][]; readonly classes: readonly string[] };
    readonly remove_hards: { readonly boxes: readonly number[][] };
  }[];
}

interface MaskRows {
  readonly rows: readonly {
    readonly name: string;
    readonly png: string;
  }[];
}

const annotation = (body: string): string => `<annotation><size/>${body}</annotation>`;
const bndbox =
  '<bndbox><xmin>191.5</xmin><ymin>107.36900369003689</ymin><xmax>313.0</xmax><ymax>329</ymax></bndbox>';

describe('readVocAnnotation', () => {
  const { images } = referenceJson('lost/voc_ground_truth.json') as GroundTruth;

  it.each(images)(
    'reads boxes as LOST does: $default.classes',
    ({ xml, default: all, remove_hards: easy }) => {
      const boxes = readVocAnnotation(xml, 'a.xml');
      expect(boxes.map(({ x0, y0, x1, y1 }) => [x0, y0, x1, y1])).toEqual(all.boxes);
      expect(boxes.map(({ category }) => category)).toEqual(all.classes);
      const kept = boxes.filter(({ difficult, truncated }) => !difficult && !truncated);
      expect(kept.map(({ x0, y0, x1, y1 }) => [x0, y0, x1, y1])).toEqual(easy.boxes);
    },
  );

  it('takes fractions and empty tags as real files have them', () => {
    const xml = annotation(`<object><name>person</name><truncated/><difficult/>${bndbox}</object>`);
    expect(readVocAnnotation(xml, 'a.xml')).toEqual([
      {
        x0: 190.5,
        y0: 106.36900369003689,
        x1: 313,
        y1: 329,
        category: 'person',
        difficult: false,
        truncated: false,
      },
    ]);
  });

  it('gives no boxes where there is no object', () => {
    expect(readVocAnnotation(annotation(''), 'a.xml')).toEqual([]);
  });

  it('reads what old files leave out, byte-order marks and the line ends of other systems', () => {
    const plain = annotation(`<object><name>person</name>${bndbox}</object>`);
    const [box] = readVocAnnotation(`\uFEFF${plain.replaceAll('><', '>\r\n\t<')}`, 'a.xml');
    expect(box).toMatchObject({ x0: 190.5, category: 'person', difficult: false, truncated: false });
  });

  it('leaves out the boxes of parts', () => {
    const part = `<part><name>head</name>${bndbox.replace('191.5', '200')}</part>`;
    const xml = annotation(`<object><name>person</name>${part}${bndbox}</object>`);
    expect(readVocAnnotation(xml, 'a.xml').map(({ x0 }) => x0)).toEqual([190.5]);
  });

  const good = `<object>\n<name>cat</name>${bndbox}</object>\n`;
  const bad = (object: string): string =>
    annotation(`\n${good}<!-- <object> -->\n<object>${object}</object>`);

  it.each([
    ['no annotation', 'something else', 'a.xml: no <annotation> in it'],
    ['another root', '<page/>', 'a.xml: no <annotation> in it'],
    ['an end that was cut off', annotation(good).slice(0, -20), 'a.xml, line 2: a tag that has no end'],
    [
      'an object that was cut off',
      annotation(good).split('</object>')[0]!,
      'a.xml, line 1: <object> is never closed',
    ],
    [
      'an end of something else',
      '<annotation>\n<size></annotation>',
      'a.xml, line 2: </annotation> closes nothing',
    ],
    ['an object without a box', bad('<name>dog</name>'), 'a.xml, line 5: the box of dog has no <xmin>'],
    [
      'a box without a number',
      bad(`<name>dog</name>${bndbox.replace('313.0', 'wide')}`),
      "a.xml, line 5: the box of dog has <xmax> 'wide', which is no number",
    ],
    [
      'a box that ends before it begins',
      bad(`<name>dog</name>${bndbox.replace('313.0', '19')}`),
      'a.xml, line 5: the box of dog ends before it begins: x from 191.5 to 19',
    ],
    ['an object without a name', bad(bndbox), 'a.xml, line 5: an object has no <name>'],
    [
      'a flag that says something else',
      bad(`<name>dog</name><difficult>maybe</difficult>${bndbox}`),
      "a.xml, line 5: dog has <difficult> 'maybe', which is neither 0 nor 1",
    ],
  ])('names the file and the line that has %s', (_, xml, message) => {
    expect(() => readVocAnnotation(xml, 'a.xml')).toThrow(ImageFailure);
    expect(() => readVocAnnotation(xml, 'a.xml')).toThrow(message);
  });
});

describe('readPaletteMask', () => {
  const { rows } = referenceJson('localisation/voc_masks.json') as MaskRows;

  it.each(rows)('reads the class of each pixel of $name', async ({ name, png }) => {
    const mask = readPaletteMask(await readFile(referencePath(`localisation/${png}`)!), png, 20);
    const labels = referenceTensors('localisation/voc_masks.safetensors').get(`${name}/labels`)!;
    expect([mask.height, mask.width]).toEqual(labels.shape);
    expect(mask.data).toEqual(labels.data);
  });

  it('names the file and the place of an index that no class has', () => {
    const data = Uint8Array.of(0, 20, 255, 21);
    const png = encode({ width: 2, height: 2, data, channels: 1 });
    expect(() => readPaletteMask(png, 'm.png', 20)).toThrow(/m\.png.*index 21 \(column 1, row 1\)/);
    expect([...readPaletteMask(png, 'm.png').data]).toEqual([...data]);
  });

  it('names a file that is no mask', () => {
    const photo = encode({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3), channels: 3 });
    expect(() => readPaletteMask(photo, 'm.png')).toThrow('m.png');
    expect(() => readPaletteMask(Buffer.from('hello'), 'm.png')).toThrow('m.png');
  });
});

describe('readRedChannelMask', () => {
  const palette: [number, number, number][] = Array.from({ length: 256 }, (_, at) => [at, 0, 255 - at]);
  const read = (reds: readonly number[]): readonly number[] => [
    ...readRedChannelMask(
      encode({ width: reds.length, height: 1, data: Uint8Array.from(reds), channels: 1, palette }),
      'm.png',
    ).data,
  ];

  it('counts from half of the range on, the range being that of the image', () => {
    expect(read([0, 63, 64, 128])).toEqual([0, 0, 1, 1]);
    expect(read([100, 149, 150, 200])).toEqual([0, 0, 1, 1]);
  });

  it('has no foreground where all is the same', () => {
    expect(read([7, 7])).toEqual([0, 0]);
  });
});
