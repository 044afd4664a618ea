import type { InputData } from '../../engine/contract/task-context.ts';
import { openGeirhos } from '../../vision/data/geirhos.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { checkedFiles } from './checked-files.ts';

export function openGeirhosData(input: InputData): ImageSet {
  return openGeirhos({
    name: input.part ?? input.adapter,
    paths: input.files.map((file) => file.path),
    files: checkedFiles(input),
  });
}
