import type { Reading } from './reading.ts';

/** The items that every reading has, in the order of the first. */
export function sharedItems(readings: readonly Reading[]): readonly string[] {
  const lists = [...new Set(readings.map((reading) => reading.items))];
  const [first = [], ...others] = lists;
  const sets = others.map((list) => new Set(list));
  return others.length === 0 ? first : first.filter((item) => sets.every((set) => set.has(item)));
}

/** A reading's values in the order of `items`; null where it lacks one. */
export function valuesOf(reading: Reading, items: readonly string[]): readonly (number | null)[] {
  if (reading.items === items) return reading.values;
  const place = placesOf(reading);
  return items.map((item) => reading.values[place.get(item) ?? -1] ?? null);
}

/** The image that each item belongs to, where images have several items. */
export function imagesOf(
  readings: readonly Reading[],
  items: readonly string[],
): readonly string[] | undefined {
  const [first] = readings;
  const images = first?.images;
  if (first === undefined || images === undefined) return undefined;
  if (first.items === items) return images;
  const place = placesOf(first);
  return items.map((item) => images[place.get(item)!]!);
}

/** Each item's mean over the readings that have a value; null where none has. */
export function meansOverRuns(
  readings: readonly Reading[],
  items: readonly string[],
): readonly (number | null)[] {
  const runs = readings.map((reading) => valuesOf(reading, items));
  return items.map((_, i) => {
    const there = runs.flatMap((values) => values[i] ?? []);
    return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0) / there.length;
  });
}

function placesOf({ items }: Reading): ReadonlyMap<string, number> {
  return new Map(items.map((item, i) => [item, i]));
}
