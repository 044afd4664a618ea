import type { Box } from '../image-set.ts';
import { malformed, objectionToName } from './box-list.ts';
import type { BoxedImage } from './box-list.ts';
import { jsonLine } from './json-line.ts';

/**
 * Boxes from a file in COCO's format (Lin et al. 2014): `images` with id and file_name, `annotations` with image_id, bbox
 * [x, y, width, height] in pixels from 0 and perhaps category_id and iscrowd, `categories` with id and name. Crowds are left
 * out, as in LOST's evaluation; unlike there, corners are not rounded. A box of no width or height, of which COCO has some,
 * stays and overlaps nothing. Images come in the file's order. Throws `ImageFailure` with the line of what is wrong.
 */
export function readCocoBoxes(text: string, path: string): readonly BoxedImage[] {
  const file = parse(text, path);
  const fail = (place: readonly (string | number)[], message: string): Error =>
    malformed(path, message, jsonLine(text, place));
  const list = (name: string, isNeeded: boolean): readonly Entry[] => {
    const found = file[name];
    if (found === undefined && !isNeeded) return [];
    if (!Array.isArray(found)) throw fail([], `no list '${name}'`);
    return found.map((entry: unknown, place) => {
      if (isEntry(entry)) return entry;
      throw fail([name, place], `${name}[${place}] is no object`);
    });
  };

  const categories = new Map<unknown, string>();
  list('categories', false).forEach(({ id, name }, place) => {
    if (typeof name !== 'string') throw fail(['categories', place], 'a category without a name');
    categories.set(id, name);
  });
  const images = new Map<unknown, { readonly image: string; readonly boxes: Box[] }>();
  list('images', true).forEach(({ id, file_name: name }, place) => {
    const objection = typeof name === 'string' ? objectionToName(name) : 'an image without file_name';
    if (objection !== undefined) throw fail(['images', place], objection);
    if (images.has(id)) throw fail(['images', place], `a second image of id ${JSON.stringify(id)}`);
    images.set(id, { image: name as string, boxes: [] });
  });
  list('annotations', true).forEach((entry, place) => {
    const image = images.get(entry['image_id']);
    const read = image === undefined ? 'an annotation of no listed image' : readBox(entry, categories);
    if (typeof read === 'string') throw fail(['annotations', place], read);
    if (entry['iscrowd'] !== 1) image!.boxes.push(read);
  });
  return [...images.values()];
}

interface Entry {
  readonly [name: string]: unknown;
}

function parse(text: string, path: string): Entry {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw malformed(path, 'no JSON', jsonLine(text, ['\0']));
  }
  if (isEntry(parsed)) return parsed;
  throw malformed(path, 'no JSON object with images and annotations');
}

/** The box of an annotation, or what is wrong with it. */
function readBox(entry: Entry, categories: ReadonlyMap<unknown, string>): Box | string {
  const bbox: unknown = entry['bbox'];
  if (!isFour(bbox)) return 'an annotation whose bbox is not four numbers';
  const [x0, y0, width, height] = bbox;
  if (width < 0 || height < 0) return `a box of negative size: bbox [${bbox.join(', ')}]`;
  const category = entry['category_id'];
  const name = categories.get(category);
  if (category !== undefined && name === undefined)
    return `an annotation of no listed category: category_id ${JSON.stringify(category)}`;
  const box = { x0, y0, x1: x0 + width, y1: y0 + height };
  return name === undefined ? box : { ...box, category: name };
}

function isFour(value: unknown): value is [number, number, number, number] {
  return Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
