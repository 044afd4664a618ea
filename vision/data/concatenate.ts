import type { ImageSet } from './image-set.ts';

/** Sets of the same classes as one, in their order. A single set stays as it is. */
export function concatenate(name: string, sets: readonly ImageSet[]): ImageSet {
  const [first] = sets;
  if (first === undefined) throw new Error('nothing to concatenate');
  if (sets.length === 1) return first;
  const places = sets.flatMap((set) => set.records.map((_, index) => ({ set, index })));
  return {
    name,
    classes: first.classes,
    records: sets.flatMap((set) => set.records),
    image: (at) => {
      const { set, index } = places[at]!;
      return set.image(index);
    },
    ...(sets.every((set) => set.source !== undefined)
      ? {
          source: (at: number) => {
            const { set, index } = places[at]!;
            return set.source!(index);
          },
        }
      : {}),
  };
}
