import type { InputData } from '../../engine/contract/task-context.ts';
import { classOf, openImageFolder } from '../../vision/data/image-folder.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { checkedFiles } from './checked-files.ts';
import { optionalTexts } from './options.ts';

export function openImageFolderData(input: InputData): ImageSet {
  const paths = input.files.map((file) => file.path);
  const classes = optionalTexts(input.options, 'classes') ?? [...new Set(paths.map(classOf))].sort();
  return openImageFolder({ name: input.adapter, paths, classes, files: checkedFiles(input) });
}
