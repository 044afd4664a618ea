import { TaskError } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';

/** Where each of the named images stands in a set. Throws where the set lacks one: it is not the set they came from. */
export function recordIndices(set: ImageSet, ids: readonly string[]): readonly number[] {
  const places = new Map(set.records.map(({ id }, index) => [id, index]));
  return ids.map((id) => {
    const place = places.get(id);
    if (place === undefined) throw new TaskError('task', `the data set ${set.name} has no image ${id}`);
    return place;
  });
}
