import { TaskError } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { loadBatches } from '../../vision/data/loader.ts';
import type { Preprocessing } from '../../vision/models/model-entry.ts';

/** Finds an image of the set by its id, as the network sees it: [height, width, 3]. Each is made once. */
export function imageNamed(
  set: ImageSet,
  preprocessing: Preprocessing,
): (id: string) => Promise<Float32Array> {
  const made = new Map<string, Promise<Float32Array>>();
  const make = async (id: string): Promise<Float32Array> => {
    const index = set.records.findIndex((record) => record.id === id);
    if (index < 0) {
      const some = set.records.slice(0, 3).map((record) => record.id);
      throw new TaskError('task', `the data set has no image ${id}; its first are ${some.join(', ')}`);
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
