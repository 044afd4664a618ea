import { type DataFiles, imagesOf } from './data-files.ts';
import type { ImageSet } from './image-set.ts';

/**
 * Images with a class each, as a rule in class folders, `…/CLASS/IMAGE`.
 *
 * @param paths relative to the root, `/`-separated.
 * @param classes in label order. A path of another class is a bug of the caller's listing.
 */
export function openImageFolder(request: {
  readonly name: string;
  readonly paths: readonly string[];
  readonly classes: readonly string[];
  readonly files: DataFiles;
  /** The class of an image. Default: its folder. */
  readonly classOf?: (path: string) => string;
}): ImageSet {
  const { name, paths, classes, files, classOf = folderOf } = request;
  const labels = new Map(classes.map((category, label) => [category, label]));
  const records = paths.map((path) => {
    const label = labels.get(classOf(path));
    if (label === undefined) throw new Error(`${path} is of none of the ${classes.length} classes`);
    return { id: path, label };
  });
  return {
    name,
    classes,
    records,
    ...imagesOf(paths, files),
  };
}

/** The folder that an image lies in. */
export function folderOf(path: string): string {
  return path.split('/').at(-2) ?? '';
}
