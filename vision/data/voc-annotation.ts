import { XMLParser } from 'fast-xml-parser';
import type { Box } from './image-set.ts';
import { ImageFailure } from './image-failure.ts';
import { xmlTags } from './xml-tags.ts';
import type { OpenTag } from './xml-tags.ts';

/**
 * The objects of a Pascal VOC annotation, of 2007 or 2012. Boxes are (xmin - 1, ymin - 1, xmax, ymax): VOC counts pixels
 * from 1, and its last one is inside. Real files hold fractions, byte-order marks and empty tags (`<difficult/>`, or none at
 * all, means no). Parts (`<part>`) of an object are left out; a file without objects has none. Throws `ImageFailure` with the
 * line where an object lacks its name or a corner, ends before it begins, or has a flag that is neither 0 nor 1.
 */
export function readVocAnnotation(xml: string, path: string): readonly Box[] {
  const { content, tags } = parse(xml, path);
  const annotation = field(content, 'annotation');
  if (annotation === undefined)
    throw new ImageFailure('malformed', path, { cause: new Error('no <annotation> in it') });
  const objects = field(annotation, 'object');
  const lines = tags.filter(({ name, depth }) => name === 'object' && depth === 1).map(({ line }) => line);
  return (Array.isArray(objects) ? objects : []).map((object: unknown, place) => {
    try {
      return readObject(object);
    } catch (cause) {
      if (!(cause instanceof ObjectFault)) throw cause;
      throw new ImageFailure('malformed', path, { cause, line: lines[place]! });
    }
  });
}

/** What is wrong with one object. Its place is known outside. */
class ObjectFault extends Error {}

function readObject(object: unknown): Box {
  const category = text(field(object, 'name'));
  if (category === '') throw new ObjectFault('an object has no <name>');
  const corner = (name: string): number => {
    const written = text(field(field(object, 'bndbox'), name));
    const value = Number(written || Number.NaN);
    if (Number.isFinite(value)) return value;
    const found = written === '' ? `no <${name}>` : `<${name}> '${written}', which is no number`;
    throw new ObjectFault(`the box of ${category} has ${found}`);
  };
  const flag = (name: string): boolean => {
    const written = text(field(object, name));
    if (Number(written) === 0 || Number(written) === 1) return Number(written) === 1;
    throw new ObjectFault(`${category} has <${name}> '${written}', which is neither 0 nor 1`);
  };
  const [xmin, ymin, xmax, ymax] = [corner('xmin'), corner('ymin'), corner('xmax'), corner('ymax')];
  if (xmax <= xmin - 1 || ymax <= ymin - 1)
    throw new ObjectFault(
      `the box of ${category} ends before it begins: x from ${xmin} to ${xmax}, y from ${ymin} to ${ymax}`,
    );
  return {
    x0: xmin - 1,
    y0: ymin - 1,
    x1: xmax,
    y1: ymax,
    category,
    difficult: flag('difficult'),
    truncated: flag('truncated'),
  };
}

/** Real ones have a few kilobytes. */
const largestXml = 4 * 1024 * 1024;

interface Parsed {
  readonly content: unknown;
  readonly tags: readonly OpenTag[];
}

function parse(xml: string, path: string): Parsed {
  const malformed = (message: string, line?: number): ImageFailure =>
    new ImageFailure('malformed', path, {
      cause: new Error(message),
      ...(line === undefined ? {} : { line }),
    });
  if (xml.length > largestXml) throw malformed(`it has ${xml.length} characters`);
  // A document type may define entities that expand to gigabytes, or name files; an annotation has none.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw malformed('it defines a document type');
  // The parser reads what is cut off as far as it goes, which would lose objects in silence.
  const read = xmlTags(xml);
  if (read.kind === 'unbalanced') throw malformed(read.message, read.line);
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: true,
    isArray: (_name, place) => place === 'annotation.object',
  });
  try {
    return { content: parser.parse(xml.replace(/^\uFEFF/, '')), tags: read.tags };
  } catch (cause) {
    throw new ImageFailure('malformed', path, { cause });
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { [name: string]: unknown })[name]
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
