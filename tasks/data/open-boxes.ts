import type { InputData } from '../../engine/contract/task-context.ts';
import { readBoxList } from '../../vision/data/box-lists/index.ts';
import { openBoxedImages } from '../../vision/data/box-lists/open-boxed-images.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { imagePath, listPath } from './boxes.ts';
import { checkedFiles } from './checked-files.ts';

export async function openBoxesData(input: InputData): Promise<ImageSet> {
  const { adapter: name, options } = input;
  const files = checkedFiles(input);
  const annotations = listPath(options);
  const named = readBoxList(await files.read(annotations), annotations);
  const boxes = new Map(named.map((one) => [imagePath(options, one.image), one.boxes]));
  const listed = input.files.map(({ path }) => path).filter((path) => path !== annotations);
  const images = listed.map((image) => ({ image, boxes: boxes.get(image)! }));
  return openBoxedImages({ name, images, files });
}
