import { join } from 'node:path';
import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { isSynset } from '../../vision/data/imagenet-labels.ts';
import { listClassFolders } from './class-folders.ts';
import { foldersIn } from './folders.ts';
import { asTorchvision, imageOptions } from './image-options.ts';
import { listFlatValidation } from './imagenet-flat.ts';
import { optionalNumber, optionalText, optionalTexts } from './options.ts';

/** ImageNet (ILSVRC 2012) as people have it on their disks. */
export const imagenet: DataAdapter = {
  adapter: 'imagenet',
  summary:
    'ImageNet: train/WNID/*.JPEG, and val/WNID/*.JPEG or val/*.JPEG with the labels in a text file; also under ILSVRC/Data/CLS-LOC.',
  version: 1,
  embedded: false,
  options: {
    type: 'object',
    additionalProperties: false,
    required: ['split'],
    properties: {
      split: { enum: ['train', 'val'], description: 'Which images.' },
      classes: {
        type: 'array',
        items: { type: 'string', pattern: '^n\\d{8}$' },
        minItems: 1,
        uniqueItems: true,
        description: 'Synsets (WNIDs) to read, in the order of the labels. Default: all there are, sorted.',
      },
      limit: {
        type: 'integer',
        minimum: 1,
        description: 'At most so many images, taken evenly, but at least one of each class folder.',
      },
      ...imageOptions(asTorchvision),
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
  if (root === undefined) throw new Error('imagenet needs a root');
  const split = optionalText(options, 'split') ?? 'train';
  const folders = await findSplit(root, split);
  if (folders === undefined)
    return {
      kind: 'unusable',
      message: `no folder ${split} of ImageNet in ${root}`,
      hint: `expected ${root}/${split}/n01440764/… or ${root}/ILSVRC/Data/CLS-LOC/${split}/…`,
    };
  const classFolders = ((await foldersIn(join(root, ...folders))) ?? []).filter(isSynset);
  if (classFolders.length === 0 && split === 'val') return listFlatValidation({ root, folders, options });
  return listClassFolders({ root, folders, options, isClass: isSynset });
}

/** From the root to the images of a split: right there, or where Kaggle's archive has them. */
async function findSplit(root: string, split: string): Promise<readonly string[] | undefined> {
  for (const folders of [[split], ['ILSVRC', 'Data', 'CLS-LOC', split]])
    if ((await foldersIn(join(root, ...folders))) !== undefined) return folders;
  return undefined;
}
