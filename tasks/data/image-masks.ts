import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { filesUnder, foldersIn, imagesUnder } from './folders.ts';
import { imageOptions, withoutExcluded } from './image-options.ts';
import { optionalNumber, optionalText, optionalTexts } from './options.ts';
import { takeSpread } from './take-spread.ts';

/** Masks are drawn on the pixels as they are stored, so that nothing may turn the image. */
const { exif: _turning, ...ownImageOptions } = imageOptions();

/** Images and masks of any source, paired by their names. */
export const imageMasks: DataAdapter = {
  adapter: 'image-masks',
  summary:
    'Images and a mask each: IMAGES/…/NAME.jpg (or png, …) beside MASKS/…/NAME.png, anything but 0 an object.',
  version: 1,
  embedded: false,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      images: folderOption('images', 'Folder of the images under the root, searched at any depth.'),
      masks: folderOption('masks', 'Folder of the masks: the same paths, ending in png.'),
      suffix: {
        type: 'string',
        pattern: '^[^/]*$',
        default: '',
        description: "What a mask's name has after its image's, e.g. `_mask`.",
      },
      indices: {
        enum: ['foreground', 'objects'],
        default: 'foreground',
        description:
          'What an index in a mask says: an object is there, or which of the image’s objects it is.',
      },
      classes: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        minItems: 1,
        maxItems: 253,
        uniqueItems: true,
        description: 'Names of the classes that the indices 1, 2, … stand for. Any other index is an error.',
      },
      void: {
        type: 'integer',
        minimum: 1,
        maximum: 255,
        description: 'Index of the border between objects and ground (255 in VOC). Default: there is none.',
      },
      unmasked: {
        enum: ['fail', 'keep'],
        default: 'fail',
        description: 'An image without a mask is an error, or kept: it has no score, and is counted.',
      },
      limit: { type: 'integer', minimum: 1, description: 'At most so many images, spread evenly.' },
      ...ownImageOptions,
    },
  },
  smoke: (options) => ({ ...options, limit: Math.min(8, optionalNumber(options, 'limit') ?? 8) }),
  facts: (options) => {
    const classes = optionalTexts(options, 'classes');
    return classes === undefined ? {} : { classes: classes.length };
  },
  list,
};

function folderOption(folder: string, description: string): JsonObject {
  return { type: 'string', pattern: '^[^/.][^/]*$', default: folder, description };
}

export interface MaskFolders {
  readonly images: string;
  readonly masks: string;
  readonly suffix: string;
}

export function maskFolders(options: JsonObject): MaskFolders {
  return {
    images: optionalText(options, 'images') ?? 'images',
    masks: optionalText(options, 'masks') ?? 'masks',
    suffix: optionalText(options, 'suffix') ?? '',
  };
}

/** Where the mask of a listed image lies. */
export function maskPath(image: string, { images, masks, suffix }: MaskFolders): string {
  return `${masks}/${image.slice(images.length + 1).replace(/\.[^.]*$/, '')}${suffix}.png`;
}

async function list({ root, options }: ListRequest): Promise<Listing> {
  if (root === undefined) throw new Error('image-masks needs a root');
  const folders = maskFolders(options);
  const found = await imagesUnder(root, folders.images);
  if (found.length === 0)
    return {
      kind: 'unusable',
      message: `no images in ${join(root, folders.images)}`,
      hint: `the root has the folders ${(await foldersIn(root))?.join(', ') || '(none)'}; \`images\` names the one to read`,
    };
  const wanted = withoutExcluded(found, options);
  if (wanted.kind === 'unusable') return wanted;
  const masks = new Set(await filesUnder(root, folders.masks));
  const chosen = takeSpread(wanted.paths, optionalNumber(options, 'limit') ?? wanted.paths.length);
  const lacking = chosen.filter((image) => !masks.has(maskPath(image, folders)));
  if (lacking.length > 0 && optionalText(options, 'unmasked') !== 'keep')
    return {
      kind: 'unusable',
      message: `${join(root, lacking[0]!)} has no mask ${maskPath(lacking[0]!, folders)}${lacking.length > 1 ? `, and ${lacking.length - 1} more images have none` : ''}`,
      hint: '`unmasked: keep` leaves such images without a score, `exclude` leaves them out',
    };
  const paired = chosen.map((image) => maskPath(image, folders)).filter((mask) => masks.has(mask));
  // Images of one name and two formats share a mask.
  return { kind: 'listed', paths: [...chosen, ...new Set(paired)] };
}
