import { categories, isCategory } from '../ood/categories.ts';
import { normaliseCondition, readFileName, readFolderName, textureOf } from '../ood/file-names.ts';
import { oodSetNamed, oodSets } from '../ood/sets.ts';
import { type DataFiles, imagesOf } from './data-files.ts';
import { ImageFailure } from './image-failure.ts';
import type { ImageRecord, ImageSet } from './image-set.ts';

/**
 * The published out-of-distribution stimuli (Geirhos et al. 2021), `SET/…/FILE`. A file's category and condition stand
 * in its name, or for edge, silhouette and cue-conflict the category is its folder. Throws `ImageFailure` for a file whose place
 * or name does not say what it shows: left out, it would change an accuracy without a word.
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
  const refuse = (reason: string): never => {
    throw new ImageFailure('unreadable', path, { cause: new Error(reason) });
  };
  const folder = path.split('/')[0]!;
  const set = oodSetNamed(folder);
  if (set === undefined)
    return refuse(`no set is called ${folder} (known: ${oodSets.map((each) => each.name).join(', ')})`);
  const stimulus = set.layout === 'folder' ? readFolderName(path) : readFileName(path);
  if (stimulus === undefined)
    return refuse(
      'its name is not NUMBER_SET_SUBJECT_CONDITION_CATEGORY_…, as the published stimuli are named',
    );
  const { category, fileName } = stimulus;
  if (!isCategory(category)) {
    const where = set.layout === 'folder' ? 'its folder' : 'the fifth part of its name';
    return refuse(`${where} names no category: '${category}' (known: ${categories.join(', ')})`);
  }
  const condition = set.conditions.length === 0 ? undefined : normaliseCondition(stimulus.condition ?? '');
  if (condition !== undefined && !set.conditions.includes(condition))
    return refuse(
      `unknown condition '${stimulus.condition ?? ''}' (${set.name} has ${set.conditions.join(', ')})`,
    );
  const texture = set.name === 'cue-conflict' ? textureOf(fileName) : undefined;
  if (texture !== undefined && !isCategory(texture))
    return refuse(`its texture is no category: '${texture}' (known: ${categories.join(', ')})`);
  return {
    id: path,
    label: categories.indexOf(category),
    ...(condition === undefined ? {} : { condition }),
    ...(texture === undefined ? {} : { texture }),
  };
}
