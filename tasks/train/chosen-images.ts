import type { ImageSet } from '../../vision/data/image-set.ts';
import { chooseImages } from '../data/choose-images.ts';

/** A set of some of a set's images, spread evenly; the set itself where all are wanted. */
export function chosenImages(set: ImageSet, wanted: number | undefined): ImageSet {
  if (wanted === undefined || wanted >= set.records.length) return set;
  const order = chooseImages(set.records.length, wanted);
  const { mask, source } = set;
  return {
    ...set,
    records: Array.from(order, (index) => set.records[index]!),
    image: (index) => set.image(order[index]!),
    ...(source === undefined ? {} : { source: (index: number) => source(order[index]!) }),
    ...(mask === undefined ? {} : { mask: (index: number) => mask(order[index]!) }),
  };
}
