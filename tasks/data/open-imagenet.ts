import type { InputData } from '../../engine/contract/task-context.ts';
import { openImageFolder } from '../../vision/data/image-folder.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { stem } from '../../vision/data/imagenet-labels.ts';
import { checkedFiles } from './checked-files.ts';
import { asTorchvision, decodingOf } from './image-options.ts';
import { labelsFrom, labelSourceAmong } from './imagenet-flat.ts';
import { openClassFolders } from './open-image-folder.ts';
import { optionalTexts } from './options.ts';

export async function openImageNetData(input: InputData): Promise<ImageSet> {
  const files = checkedFiles(input, decodingOf(input.options, asTorchvision));
  const listed = input.files.map((file) => file.path);
  const source = labelSourceAmong(listed);
  if (source === undefined) return openClassFolders(input, files);
  const labels = await labelsFrom(source, async (path) => Buffer.from(await files.read(path)).toString());
  return openImageFolder({
    name: 'imagenet',
    paths: listed.filter((path) => path !== source.labels && path !== source.key),
    // Of the labels, not of the images: these may be a few of all.
    classes: optionalTexts(input.options, 'classes') ?? [...new Set(labels.values())].sort(),
    classOf: (path) => labels.get(stem(path))!,
    files,
  });
}
