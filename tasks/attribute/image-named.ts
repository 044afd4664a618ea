import { TaskError, type InputData } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { loadBatches } from '../../vision/data/loader.ts';
import type { Preprocessing } from '../../vision/models/model-entry.ts';

/** Finds an image of a data set by its id, as the network sees it: [height, width, 3]. Each is made once. */
export function imageNamed(
  { adapter, part }: Pick<InputData, 'adapter' | 'part'>,
  set: ImageSet,
  preprocessing: Preprocessing,
): (id: string) => Promise<Float32Array> {
  const made = new Map<string, Promise<Float32Array>>();
  const make = async (id: string): Promise<Float32Array> => {
    const index = set.records.findIndex((record) => record.id === id);
    if (index < 0) {
      const some = set.records.slice(0, 3).map((record) => record.id);
      const which = part === undefined ? adapter : `${adapter}, ${part}`;
      throw new TaskError(
        'task',
        `data (${which}) has no image '${id}', which baseline_image names; its first of ${set.records.length} are ${some.join(', ')}`,
      );
    }
    const request = { set, order: [index], batchSize: 1, preprocessing, seed: 0, epoch: 0 };
    for await (const { images } of loadBatches(request)) return images;
    throw new Error('a batch of one image holds none');
  };
  return (id) => {
    const known = made.get(id) ?? make(id);
    made.set(id, known);
    return known;
  };
}
