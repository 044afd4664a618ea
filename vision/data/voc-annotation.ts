import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Box } from './image-set.ts';
import { ImageFailure } from './image-failure.ts';

/**
 * The objects of a Pascal VOC annotation, of 2007 or 2012. Boxes are (xmin - 1, ymin - 1, xmax, ymax): VOC counts pixels
 * from 1, and its last one is inside. Real files hold fractions, byte-order marks and empty tags (`<difficult/>`, or none at
 * all, means no). Parts (`<part>`) of an object are left out; a file without objects has none. Throws `ImageFailure` with the
 * line where an object lacks its name or a corner, ends before it begins, or has a flag that is neither 0 nor 1.
 */
export function readVocAnnotation(xml: string, path: string): readonly Box[] {
  const annotation = field(parse(xml, path), 'annotation');
  if (annotation === undefined)
    throw new ImageFailure('malformed', path, { cause: new Error('no <annotation> in it') });
  const objects = field(annotation, 'object');
  return (Array.isArray(objects) ? objects : []).map((object: unknown, place) => {
    try {
      return readObject(object);
    } catch (cause) {
      if (!(cause instanceof ObjectFault)) throw cause;
      throw new ImageFailure('malformed', path, { cause, line: lineOfObject(xml, place) });
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

function parse(given: string, path: string): unknown {
  const malformed = (message: string, line?: number): ImageFailure =>
    new ImageFailure('malformed', path, {
      cause: new Error(message),
      ...(line === undefined ? {} : { line }),
    });
  if (given.length > largestXml) throw malformed(`it has ${given.length} characters`);
  // A document type may define entities that expand to gigabytes, or name files; an annotation has none.
  if (/<!(DOCTYPE|ENTITY)/i.test(given)) throw malformed('it defines a document type');
  const xml = given.replace(/^\uFEFF/, '');
  // The parser reads what is cut off as far as it goes, which would lose objects in silence.
  const validity = XMLValidator.validate(xml);
  if (validity !== true) throw malformed(`no well-formed XML: ${validity.err.msg}`, validity.err.line);
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: true,
    isArray: (_name, place) => place === 'annotation.object',
  });
  try {
    return parser.parse(xml);
  } catch (cause) {
    throw new ImageFailure('malformed', path, { cause });
  }
}

/** The line, from 1, where the object of that place begins. */
function lineOfObject(xml: string, place: number): number {
  const begins = [...xml.matchAll(/<!--[^]*?-->|<object[\s/>]/g)].filter(([found]) => found.startsWith('<o'));
  return xml.slice(0, begins[place]?.index).split('\n').length;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { [name: string]: unknown })[name]
    : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
