import { categories, isCategory } from '../ood/categories.ts';
import { normaliseCondition, readFileName, readFolderName, textureOf } from '../ood/file-names.ts';
import { oodSetNamed } from '../ood/sets.ts';
import { type DataFiles, imagesOf } from './data-files.ts';
import { ImageFailure } from './image-failure.ts';
import type { ImageRecord, ImageSet } from './image-set.ts';

/**
 * The published out-of-distribution stimuli (Geirhos et al. 2021), `SET/…/FILE`. A file's category and condition stand
 * in its name, or for edge, silhouette and cue-conflict the category is its folder.
 */
export function openGeirhos(request: {
  readonly name: string;
  /** Relative to the root, `/`-separated; the first folder is the set. */
  readonly paths: readonly string[];
  readonly files: DataFiles;
}): ImageSet {
  const { name, paths, files } = request;
  return {
    name,
    classes: categories,
    records: paths.map(recordOf),
    ...imagesOf(paths, files),
  };
}

function recordOf(path: string): ImageRecord {
  const set = oodSetNamed(path.split('/')[0]!);
  const stimulus = set?.layout === 'folder' ? readFolderName(path) : readFileName(path);
  if (set === undefined || stimulus === undefined || !isCategory(stimulus.category)) {
    throw new ImageFailure('unreadable', path, {
      cause: new Error('its name does not say its category, as the published stimuli do'),
    });
  }
  const { condition, category, fileName } = stimulus;
  const texture = set.name === 'cue-conflict' ? textureOf(fileName) : undefined;
  return {
    id: path,
    label: categories.indexOf(category),
    ...(condition === undefined || set.conditions.length === 0
      ? {}
      : { condition: normaliseCondition(condition) }),
    ...(texture === undefined ? {} : { texture }),
  };
}
