import { type DataFiles, imagesOf } from '../data-files.ts';
import type { ImageSet } from '../image-set.ts';
import type { BoxedImage } from './box-list.ts';

/**
 * Images and their boxes as a data set. Classes are the categories of all boxes, sorted; an image's label is that of its
 * boxes' category where they are all of one, else -1.
 */
export function openBoxedImages(request: {
  readonly name: string;
  readonly images: readonly BoxedImage[];
  readonly files: DataFiles;
}): ImageSet {
  const { name, images, files } = request;
  const all = images.flatMap(({ boxes }) => boxes.map(({ category }) => category));
  const classes = [...new Set(all.filter((category) => category !== undefined))].sort();
  const paths = images.map(({ image }) => image);
  const records = images.map(({ image, boxes }) => {
    const [only, ...others] = new Set(boxes.map(({ category }) => category));
    const label = only === undefined || others.length > 0 ? -1 : classes.indexOf(only);
    return { id: image, label, boxes };
  });
  return { name, classes, records, ...imagesOf(paths, files) };
}
