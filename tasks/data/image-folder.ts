import { join } from 'node:path';
import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { foldersIn, imagesIn } from './folders.ts';
import { optionalNumber, optionalText, optionalTexts } from './options.ts';

/** `CLASS/IMAGE`, or with a split `SPLIT/CLASS/IMAGE` as ImageNet has it. */
export const imageFolder: DataAdapter = {
  adapter: 'image-folder',
  summary:
    'A folder of class folders of images; with `split`, a folder of such folders (ImageNet: train, val).',
  version: 1,
  embedded: false,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      split: {
        type: 'string',
        pattern: '^[^/.][^/]*$',
        description: 'Folder under the root that holds the class folders. Default: the root itself.',
      },
      classes: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        minItems: 1,
        uniqueItems: true,
        description: 'Class folders to read, in the order of the labels. Default: all, sorted.',
      },
      limit: {
        type: 'integer',
        minimum: 1,
        description: 'At most so many images, taken evenly from the classes, but at least one of each.',
      },
    },
  },
  smoke: (options) => ({ ...options, limit: Math.min(8, optionalNumber(options, 'limit') ?? 8) }),
  facts: (options) => {
    const classes = optionalTexts(options, 'classes');
    return classes === undefined ? {} : { classes: classes.length };
  },
  list,
};

async function list({ root, options }: ListRequest): Promise<Listing> {
  if (root === undefined) throw new Error('image-folder needs a root');
  const split = optionalText(options, 'split');
  const dir = split === undefined ? root : join(root, split);
  const found = await foldersIn(dir);
  if (found === undefined)
    return { kind: 'unusable', message: `no folder ${dir}`, ...otherSplits(await foldersIn(root)) };
  const classes = optionalTexts(options, 'classes') ?? found;
  const perClass: string[][] = [];
  for (const name of classes) {
    const images = await imagesIn(join(dir, name));
    if (images === undefined) {
      return {
        kind: 'unusable',
        message: `no class folder ${name} in ${dir}`,
        hint: `it has ${some(found)}`,
      };
    }
    perClass.push(images.map((image) => [...(split === undefined ? [] : [split]), name, image].join('/')));
  }
  const paths = takeEvenly(perClass, optionalNumber(options, 'limit'));
  if (paths.length > 0) return { kind: 'listed', paths };
  return {
    kind: 'unusable',
    message: `no images in class folders of ${dir}`,
    hint: `expected ${join(dir, 'CLASS', 'IMAGE.jpg')} (or png, webp, tiff)`,
  };
}

/** Takes the first of every class, then the second, … until `limit`; in the end sorted by class again. */
function takeEvenly(perClass: readonly (readonly string[])[], limit: number | undefined): readonly string[] {
  if (limit === undefined) return perClass.flat();
  let left = limit;
  const taken = perClass.map(() => 0);
  for (let round = 0; left > 0 || round === 0; round += 1) {
    let progress = false;
    for (const [index, images] of perClass.entries()) {
      if (images.length <= round || (left <= 0 && round > 0)) continue;
      taken[index] = round + 1;
      left -= 1;
      progress = true;
    }
    if (!progress) break;
  }
  return perClass.flatMap((images, index) => images.slice(0, taken[index]));
}

function otherSplits(folders: readonly string[] | undefined): { hint?: string } {
  return folders === undefined || folders.length === 0 ? {} : { hint: `the root has ${some(folders)}` };
}

function some(names: readonly string[]): string {
  if (names.length === 0) return 'no folders';
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
}
