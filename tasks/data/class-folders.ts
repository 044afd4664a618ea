import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { Listing } from '../../engine/contract/data-adapter.ts';
import { foldersIn, imagesIn } from './folders.ts';
import { withoutExcluded } from './image-options.ts';
import { optionalNumber, optionalTexts } from './options.ts';

/**
 * The images of `CLASS/IMAGE` in a folder under the root, by class in the order of the labels. Reads the options
 * `classes`, `exclude` and `limit`.
 */
export async function listClassFolders(request: {
  readonly root: string;
  /** From the root to the folder of the class folders. */
  readonly folders: readonly string[];
  readonly options: JsonObject;
  /** Which folders are classes where the options name none. Default: all. */
  readonly isClass?: (name: string) => boolean;
}): Promise<Listing> {
  const { root, folders, options, isClass = () => true } = request;
  const dir = join(root, ...folders);
  const found = (await foldersIn(dir))?.filter(isClass);
  if (found === undefined)
    return { kind: 'unusable', message: `no folder ${dir}`, ...otherSplits(await foldersIn(root)) };
  const perClass: string[][] = [];
  for (const name of optionalTexts(options, 'classes') ?? found) {
    const images = await imagesIn(join(dir, name));
    if (images === undefined) {
      return {
        kind: 'unusable',
        message: `no class folder ${name} in ${dir}`,
        hint: `it has ${some(found)}`,
      };
    }
    perClass.push(images.map((image) => [...folders, name, image].join('/')));
  }
  const wanted = withoutExcluded(perClass.flat(), options);
  if (wanted.kind === 'unusable') return wanted;
  const left = new Set(wanted.paths);
  const paths = takeEvenly(
    perClass.map((images) => images.filter((path) => left.has(path))),
    optionalNumber(options, 'limit'),
  );
  if (paths.length > 0) return { kind: 'listed', paths };
  return {
    kind: 'unusable',
    message: `no images in class folders of ${dir}`,
    hint: `expected ${join(dir, 'CLASS', 'IMAGE.jpg')} (or png, webp, tiff)`,
  };
}

/** Takes the first of every class, then the second, … until `limit`; in the end sorted by class again. */
function takeEvenly(perClass: readonly (readonly string[])[], limit: number | undefined): readonly string[] {
  if (limit === undefined) return perClass.flat();
  let left = limit;
  const taken = perClass.map(() => 0);
  for (let round = 0; left > 0 || round === 0; round += 1) {
    let progress = false;
    for (const [index, images] of perClass.entries()) {
      if (images.length <= round || (left <= 0 && round > 0)) continue;
      taken[index] = round + 1;
      left -= 1;
      progress = true;
    }
    if (!progress) break;
  }
  return perClass.flatMap((images, index) => images.slice(0, taken[index]));
}

function otherSplits(folders: readonly string[] | undefined): { hint?: string } {
  return folders === undefined || folders.length === 0 ? {} : { hint: `the root has ${some(folders)}` };
}

function some(names: readonly string[]): string {
  if (names.length === 0) return 'no folders';
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
}
