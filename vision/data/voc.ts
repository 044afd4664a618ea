import { type DataFiles, imagesOf } from './data-files.ts';
import type { ImageRecord, ImageSet } from './image-set.ts';
import { masksOf } from './mask-files.ts';
import { readPaletteMask } from './palette-mask.ts';
import { readRedChannelMask } from './red-channel-mask.ts';
import type { Mask } from './raster.ts';
import { readVocAnnotation } from './voc-annotation.ts';

/** The twenty object classes of Pascal VOC, in the order of their indices in class masks (which count from 1). */
const vocClasses = [
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
] as const;

/** One image and what goes with it, as paths. */
export interface VocItem {
  readonly id: string;
  readonly image: string;
  readonly annotation?: string;
  readonly mask?: string;
}

/** Whose masks are read: of classes, of objects, or those of classes as the paper's authors read them. */
export type VocMasks = 'class' | 'object' | 'authors';

/**
 * A split of Pascal VOC. An image's label is that of its objects' class where they are all of one, else -1. Boxes are
 * read when the set is opened; truncated and difficult objects are kept and marked.
 */
export async function openVoc(request: {
  readonly name: string;
  readonly items: readonly VocItem[];
  readonly files: DataFiles;
  /** Default: `class`. */
  readonly masks?: VocMasks;
}): Promise<ImageSet> {
  const { name, items, files, masks = 'class' } = request;
  const records: ImageRecord[] = [];
  for (const item of items) records.push(await recordOf(item, files));
  const images = imagesOf(
    items.map((item) => item.image),
    files,
  );
  const set = { name, classes: vocClasses, records, ...images };
  if (!items.every((item) => item.mask !== undefined)) return set;
  switch (masks) {
    case 'class': {
      const read = (bytes: Uint8Array, path: string): Mask => readPaletteMask(bytes, path, vocClasses.length);
      return { ...set, mask: masksOf(items, files, read), maskIndices: { of: 'classes', names: vocClasses } };
    }
    case 'object':
      return { ...set, mask: masksOf(items, files, readPaletteMask), maskIndices: { of: 'objects' } };
    case 'authors':
      return { ...set, mask: masksOf(items, files, readRedChannelMask) };
  }
}

async function recordOf({ id, annotation }: VocItem, { read }: DataFiles): Promise<ImageRecord> {
  if (annotation === undefined) return { id, label: -1 };
  const boxes = readVocAnnotation(Buffer.from(await read(annotation)).toString('utf8'), annotation);
  const names = [...new Set(boxes.map((box) => box.category))];
  return { id, label: names.length === 1 ? vocClasses.findIndex((name) => name === names[0]) : -1, boxes };
}
