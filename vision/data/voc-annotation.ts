import { XMLParser } from 'fast-xml-parser';
import type { Box } from './image-set.ts';
import { ImageFailure } from './image-failure.ts';

/**
 * The objects of a Pascal VOC annotation. Boxes are (xmin - 1, ymin - 1, xmax, ymax): VOC counts pixels from 1, and its
 * last one is inside. Real files hold fractions and empty tags (`<difficult/>` means no). Parts (`<part>`) of an object
 * are left out. Throws `ImageFailure` where an object has no complete box.
 */
export function readVocAnnotation(xml: string, path: string): readonly Box[] {
  const parsed = parse(xml, path);
  const annotation = field(parsed, 'annotation');
  if (annotation === undefined)
    throw new ImageFailure('corrupt', path, { cause: new Error('no annotation in it') });
  const objects = field(annotation, 'object');
  return (Array.isArray(objects) ? objects : []).map((object: unknown) => {
    const corner = (name: string): number => {
      const value = Number(text(field(field(object, 'bndbox'), name)) || Number.NaN);
      if (Number.isFinite(value)) return value;
      throw new ImageFailure('corrupt', path, { cause: new Error(`an object has no ${name}`) });
    };
    return {
      x0: corner('xmin') - 1,
      y0: corner('ymin') - 1,
      x1: corner('xmax'),
      y1: corner('ymax'),
      category: text(field(object, 'name')),
      difficult: text(field(object, 'difficult')) === '1',
      truncated: text(field(object, 'truncated')) === '1',
    };
  });
}

/** Real ones have a few kilobytes. */
const largestXml = 4 * 1024 * 1024;

function parse(xml: string, path: string): unknown {
  if (xml.length > largestXml)
    throw new ImageFailure('corrupt', path, { cause: new Error(`it has ${xml.length} characters`) });
  // A document type may define entities that expand to gigabytes, or name files; an annotation has none.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml))
    throw new ImageFailure('corrupt', path, { cause: new Error('it defines a document type') });
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: true,
    isArray: (_name, place) => place === 'annotation.object',
  });
  try {
    return parser.parse(xml);
  } catch (cause) {
    throw new ImageFailure('corrupt', path, { cause });
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as { [name: string]: unknown })[name]
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
