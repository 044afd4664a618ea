import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { filesIn, foldersIn } from './folders.ts';
import { optionalNumber, optionalText } from './options.ts';

/** Pascal VOC as its archives unpack: `VOCdevkit/VOC2012/…`. */
export const voc: DataAdapter = {
  adapter: 'voc',
  summary: 'Pascal VOC: boxes of Annotations, masks of SegmentationClass or SegmentationObject.',
  version: 1,
  embedded: false,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      year: {
        enum: [2007, 2012],
        default: 2012,
        description: 'Folder VOC2007 or VOC2012 under the root (VOCdevkit).',
      },
      split: {
        type: 'string',
        pattern: '^[A-Za-z0-9_-]+$',
        default: 'val',
        description:
          'Image list, e.g. train, val, trainval. Without a list of that name, all that is annotated.',
      },
      task: {
        enum: ['detection', 'segmentation'],
        default: 'detection',
        description:
          'detection: lists of ImageSets/Main, boxes. segmentation: lists of ImageSets/Segmentation, boxes and masks.',
      },
      masks: {
        enum: ['class', 'object', 'authors'],
        default: 'class',
        description:
          "Which masks segmentation reads: of classes, of objects (foreground is the same, void borders differ), or those of classes as the paper's authors read them (the palette's red channel, which drops ten classes).",
      },
      limit: { type: 'integer', minimum: 1, description: 'At most so many images, the first of the list.' },
    },
  },
  smoke: (options) => ({ ...options, limit: Math.min(8, optionalNumber(options, 'limit') ?? 8) }),
  facts: () => ({ classes: 20 }),
  list,
};

/** Where the parts of a split lie. */
export interface VocFolders {
  readonly images: string;
  readonly annotations: string;
  /** Undefined for detection. */
  readonly masks: string | undefined;
  /** Folder of the lists of images. */
  readonly lists: string;
}

export function vocFolders(options: JsonObject): VocFolders {
  const base = `VOC${optionalNumber(options, 'year') ?? 2012}`;
  const segmentation = optionalText(options, 'task') === 'segmentation';
  const masks = optionalText(options, 'masks') === 'object' ? 'SegmentationObject' : 'SegmentationClass';
  return {
    images: `${base}/JPEGImages`,
    annotations: `${base}/Annotations`,
    masks: segmentation ? `${base}/${masks}` : undefined,
    lists: `${base}/ImageSets/${segmentation ? 'Segmentation' : 'Main'}`,
  };
}

async function list({ root, options }: ListRequest): Promise<Listing> {
  if (root === undefined) throw new Error('voc needs a root');
  const folders = vocFolders(options);
  const images = new Set(await filesIn(join(root, folders.images)));
  if (images.size === 0) return noImages(root, folders.images, (await foldersIn(root)) ?? []);
  const annotations = new Set(await filesIn(join(root, folders.annotations)));
  const masks = folders.masks === undefined ? undefined : new Set(await filesIn(join(root, folders.masks)));
  const listed = await listedIds(join(root, folders.lists, `${optionalText(options, 'split') ?? 'val'}.txt`));
  const ids = listed ?? [...(masks ?? annotations)].map((name) => name.replace(/\.[^.]*$/, ''));
  const paths: string[] = [];
  for (const id of ids.slice(0, optionalNumber(options, 'limit') ?? ids.length)) {
    const [image, annotation, mask] = [`${id}.jpg`, `${id}.xml`, `${id}.png`];
    const lacking = !images.has(image)
      ? `${folders.images}/${image}`
      : masks !== undefined && !masks.has(mask)
        ? `${folders.masks ?? ''}/${mask}`
        : masks === undefined && !annotations.has(annotation)
          ? `${folders.annotations}/${annotation}`
          : undefined;
    if (lacking !== undefined)
      return { kind: 'unusable', message: `${join(root, lacking)} is listed but not there` };
    paths.push(`${folders.images}/${image}`);
    if (annotations.has(annotation)) paths.push(`${folders.annotations}/${annotation}`);
    if (folders.masks !== undefined) paths.push(`${folders.masks}/${mask}`);
  }
  if (paths.length > 0) return { kind: 'listed', paths };
  return { kind: 'unusable', message: `no annotated images in ${join(root, folders.annotations)}` };
}

/** Ids of a list; lists of one class (`cat_val`) mark with -1 what lacks it. Undefined where there is no list. */
async function listedIds(path: string): Promise<readonly string[] | undefined> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  return content
    ?.split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([id, mark]) => id !== undefined && id !== '' && mark !== '-1')
    .map(([id]) => id!);
}

function noImages(root: string, folder: string, found: readonly string[]): Listing {
  return {
    kind: 'unusable',
    message: `no images in ${join(root, folder)}`,
    hint: `the root is the folder VOCdevkit; it has ${found.length === 0 ? 'no folders' : found.join(', ')}`,
  };
}
