import type { InputData } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { openVoc, type VocItem, type VocMasks } from '../../vision/data/voc.ts';
import { checkedFiles } from './checked-files.ts';
import { optionalText } from './options.ts';
import { vocFolders } from './voc.ts';

export function openVocData(input: InputData): Promise<ImageSet> {
  const folders = vocFolders(input.options);
  const paths = new Set(input.files.map((file) => file.path));
  const items = [...paths].flatMap((path): VocItem[] => {
    const id = idOf(path, folders.images);
    if (id === undefined) return [];
    const annotation = `${folders.annotations}/${id}.xml`;
    const mask = folders.masks === undefined ? undefined : `${folders.masks}/${id}.png`;
    return [
      {
        id,
        image: path,
        ...(paths.has(annotation) ? { annotation } : {}),
        ...(mask === undefined ? {} : { mask }),
      },
    ];
  });
  const masks = (optionalText(input.options, 'masks') ?? 'class') as VocMasks;
  return openVoc({ name: input.adapter, items, files: checkedFiles(input), masks });
}

function idOf(path: string, folder: string): string | undefined {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).replace(/\.jpg$/, '') : undefined;
}
