import { ImageFailure } from '../../../vision/data/image-failure.ts';
import { readVocAnnotation } from '../../../vision/data/voc-annotation.ts';
import type { Random } from '../../../vision/random/random.ts';
import { referenceJson } from '../../support/reference-case.ts';
import type { Target } from '../target.ts';

interface GroundTruth {
  readonly images: readonly { readonly xml: string }[];
}

const tags = [
  'annotation',
  'object',
  'bndbox',
  'xmin',
  'ymax',
  'name',
  'part',
  'difficult',
  '__proto__',
  'toString',
];

/** Annotations of PASCAL VOC. */
export const voc: Target = {
  name: 'voc',
  seeds: () => {
    const { images } = referenceJson('lost/voc_ground_truth.json') as GroundTruth;
    return Promise.resolve(images.map(({ xml }) => Buffer.from(xml)));
  },
  invent: (random) => Buffer.from(inventXml(random, random.chance(0.1) ? 2000 : 6)),
  words: [
    ...tags.flatMap((tag) => [`<${tag}>`, `</${tag}>`, `<${tag}/>`]),
    '<!DOCTYPE a [<!ENTITY b "&c;&c;">]>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?xml',
    '&amp;',
    '&#x110000;',
    '&#0;',
    '&lol;',
    '"',
    '\0',
  ],
  read: (input) => {
    try {
      const boxes = readVocAnnotation(Buffer.from(input).toString('utf8'), 'a.xml');
      for (const { x0, y0, x1, y1, category } of boxes) {
        if (![x0, y0, x1, y1].every(Number.isFinite)) throw new Error('a corner that is no number');
        if (typeof category !== 'string') throw new Error('a category that is no text');
      }
    } catch (error) {
      if (!(error instanceof ImageFailure)) throw error;
    }
    return Promise.resolve();
  },
};

function inventXml(random: Random, depth: number): string {
  const tag = tags[random.integer(tags.length)]!;
  if (depth > 50) return `${`<${tag}>`.repeat(depth)}1${`</${tag}>`.repeat(random.chance(0.5) ? depth : 0)}`;
  if (depth === 0 || random.chance(0.2)) return String(random.integer(500));
  const inner = Array.from({ length: random.integer(4) }, () => inventXml(random, depth - 1)).join('');
  return depth === 6 ? `<annotation>${inner}</annotation>` : `<${tag}>${inner}</${tag}>`;
}
