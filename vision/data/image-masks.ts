import { type DataFiles, imagesOf } from './data-files.ts';
import type { ImageSet } from './image-set.ts';
import { masksOf, type MaskedItem } from './mask-files.ts';
import { readObjectMask } from './object-mask.ts';

/** Images with a mask each, from any source. They have no labels and no boxes. */
export function openImageMasks(request: {
  readonly name: string;
  readonly items: readonly MaskedItem[];
  readonly files: DataFiles;
  /** The index of the border between objects and ground, where masks have one. */
  readonly void?: number | undefined;
  /** `objects`: indices number the objects of an image. A list: they number these classes, from 1. */
  readonly indices?: 'objects' | readonly string[] | undefined;
}): ImageSet {
  const { name, items, files, void: border, indices } = request;
  const classes = typeof indices === 'object' ? indices : undefined;
  const options = {
    ...(border === undefined ? {} : { void: border }),
    ...(classes === undefined ? {} : { classes: classes.length }),
  };
  return {
    name,
    classes: classes ?? [],
    records: items.map(({ image }) => ({ id: image, label: -1 })),
    ...imagesOf(
      items.map(({ image }) => image),
      files,
    ),
    mask: masksOf(items, files, (bytes, path) => readObjectMask(bytes, path, options)),
    ...(classes === undefined ? {} : { maskIndices: { of: 'classes', names: classes } }),
    ...(indices === 'objects' ? { maskIndices: { of: 'objects' } } : {}),
  };
}
