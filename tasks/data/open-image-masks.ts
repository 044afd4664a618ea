import type { InputData } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { openImageMasks } from '../../vision/data/image-masks.ts';
import { checkedFiles } from './checked-files.ts';
import { decodingOf } from './image-options.ts';
import { maskFolders, maskPath } from './image-masks.ts';
import { optionalNumber, optionalText, optionalTexts } from './options.ts';

export function openImageMasksData(input: InputData): ImageSet {
  const { options } = input;
  const folders = maskFolders(options);
  const paths = new Set(input.files.map((file) => file.path));
  const images = [...paths].filter((path) => path.startsWith(`${folders.images}/`));
  const items = images.map((image) => {
    const mask = maskPath(image, folders);
    return { image, ...(paths.has(mask) ? { mask } : {}) };
  });
  return openImageMasks({
    name: input.adapter,
    items,
    files: checkedFiles(input, decodingOf(options)),
    void: optionalNumber(options, 'void'),
    indices:
      optionalTexts(options, 'classes') ??
      (optionalText(options, 'indices') === 'objects' ? 'objects' : undefined),
  });
}
