import type { InputData } from '../../engine/contract/task-context.ts';
import type { DataFiles } from '../../vision/data/data-files.ts';
import { folderOf, openImageFolder } from '../../vision/data/image-folder.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { checkedFiles } from './checked-files.ts';
import { decodingOf } from './image-options.ts';
import { optionalTexts } from './options.ts';

export function openImageFolderData(input: InputData): ImageSet {
  return openClassFolders(input, checkedFiles(input, decodingOf(input.options)));
}

/** Listed images whose folders are their classes: those of the option `classes`, else all there are, sorted. */
export function openClassFolders(input: InputData, files: DataFiles): ImageSet {
  const paths = input.files.map((file) => file.path);
  const classes = optionalTexts(input.options, 'classes') ?? [...new Set(paths.map(folderOf))].sort();
  return openImageFolder({ name: input.adapter, paths, classes, files });
}
