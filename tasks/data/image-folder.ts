import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { listClassFolders } from './class-folders.ts';
import { imageOptions } from './image-options.ts';
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
      ...imageOptions(),
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
  const folders = split === undefined ? [] : [split];
  return listClassFolders({ root, folders, options });
}
