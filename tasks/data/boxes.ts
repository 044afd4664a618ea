import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { readBoxList } from '../../vision/data/box-lists/index.ts';
import { ImageFailure } from '../../vision/data/image-failure.ts';
import { filesIn } from './folders.ts';
import { optionalNumber, optionalText } from './options.ts';

/** Any folder of images with a list of boxes: a JSON file as COCO has it, or a CSV file. */
export const boxes: DataAdapter = {
  adapter: 'boxes',
  summary:
    'Images of any folder and their boxes: a COCO-style JSON, or a CSV (image,xmin,ymin,xmax,ymax[,label]).',
  version: 1,
  embedded: false,
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['annotations'],
    properties: {
      annotations: {
        type: 'string',
        pattern: '^(?!/)(?!(.*/)?\\.\\.?/)[^\\\\]+\\.(json|csv)$',
        description: 'The list of boxes, as a path under the root: NAME.json or NAME.csv.',
      },
      images: {
        type: 'string',
        pattern: '^(?!/)(?!(.*/)?\\.\\.?(/|$))[^\\\\]*[^\\\\/]$',
        description:
          'Folder under the root that the names of images in the list start from. Default: the root.',
      },
      limit: { type: 'integer', minimum: 1, description: 'At most so many images, the first of the list.' },
    },
  },
  smoke: (options) => ({ ...options, limit: Math.min(8, optionalNumber(options, 'limit') ?? 8) }),
  list,
};

/** Path under the root of an image that the list names. */
export function imagePath(options: JsonObject, name: string): string {
  return posix.join(optionalText(options, 'images') ?? '', name);
}

export function listPath(options: JsonObject): string {
  const path = optionalText(options, 'annotations');
  if (path === undefined) throw new Error('boxes needs a list of boxes');
  return path;
}

async function list({ root, options }: ListRequest): Promise<Listing> {
  if (root === undefined) throw new Error('boxes needs a root');
  const annotations = listPath(options);
  const place = join(root, annotations);
  const bytes = await readFile(place).catch(() => undefined);
  if (bytes === undefined) return { kind: 'unusable', message: `${place} cannot be read` };
  try {
    const named = readBoxList(bytes, annotations);
    const wanted = named.slice(0, optionalNumber(options, 'limit') ?? named.length);
    const paths = wanted.map(({ image }) => imagePath(options, image));
    const lacking = await firstLacking(root, paths);
    if (lacking !== undefined)
      return {
        kind: 'unusable',
        message: `${annotations} names ${lacking}, which is not in ${root}`,
        hint: 'images: FOLDER says where the names of images start',
      };
    if (paths.length === 0) return { kind: 'unusable', message: `${annotations} names no images` };
    return { kind: 'listed', paths: [annotations, ...paths] };
  } catch (failure) {
    if (!(failure instanceof ImageFailure)) throw failure;
    return { kind: 'unusable', message: failure.message };
  }
}

/** A folder is read once, however many images it has. */
async function firstLacking(root: string, paths: readonly string[]): Promise<string | undefined> {
  const folders = new Map<string, ReadonlySet<string>>();
  for (const path of paths) {
    const folder = posix.dirname(path);
    const names = folders.get(folder) ?? new Set(await filesIn(join(root, folder)));
    folders.set(folder, names);
    if (!names.has(posix.basename(path))) return path;
  }
  return undefined;
}
