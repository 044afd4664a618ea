import type { InputData } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { keepImages } from '../../vision/data/keep-images.ts';
import { openGeirhosData } from './open-geirhos.ts';
import { openImageFolderData } from './open-image-folder.ts';
import { openShapesData } from './open-shapes.ts';
import { openVocData } from './open-voc.ts';

/** How the worker opens what each adapter lists. */
const openers: { readonly [adapter: string]: (input: InputData) => ImageSet | Promise<ImageSet> } = {
  shapes: openShapesData,
  'image-folder': openImageFolderData,
  voc: openVocData,
  geirhos: openGeirhosData,
};

/** Decoded images of one set are kept up to this; CIFAR-10 takes 184 MB, ImageNet keeps next to nothing. */
const keptBytes = 512 * 1024 * 1024;

/**
 * Opens a task's data set. Records come in the order of the listing; pixels are decoded when asked for, and small sets
 * stay in memory. Reading throws `TaskError('data-changed')` where a file is not what it was when the study was
 * planned, and `ImageFailure` (with the path) where it is no image.
 */
export async function openImageSet(input: InputData): Promise<ImageSet> {
  const open = openers[input.adapter];
  if (open === undefined) throw new Error(`no data adapter ${input.adapter}`);
  return keepImages(await open(input), { maxBytes: keptBytes });
}
