import type { Scalar } from '../../engine/contract/scalar.ts';

/** Where a checkpoint stands: axis -> value, in the order of the pattern. */
export type Place = ReadonlyMap<string, Scalar>;

/** Axes of a study; all others are the tasks' own. A seed repeats, an architecture tells pools apart. */
const studyAxes: readonly string[] = ['architecture', 'seed'];

export interface PlacedAxis {
  readonly name: string;
  readonly isOfStudy: boolean;
  readonly values: readonly Scalar[];
}

/** Places as a study has them: an axis all of whose values are plain numbers is one of numbers. */
export function typedPlaces(places: readonly ReadonlyMap<string, string>[]): readonly Place[] {
  const names = [...(places[0]?.keys() ?? [])];
  const numeric = new Set(
    names.filter((name) => places.every((place) => isPlainNumber(place.get(name) ?? ''))),
  );
  return places.map(
    (place) =>
      new Map([...place].map(([name, text]) => [name, numeric.has(name) ? Number(text) : text] as const)),
  );
}

/** The axes of some places, each with its values: numbers by size, texts as they come. One architecture alone needs none. */
export function axesOf(places: readonly Place[]): readonly PlacedAxis[] {
  return [...(places[0]?.keys() ?? [])].flatMap((name) => {
    const values = [...new Set(places.map((place) => place.get(name)!))];
    if (name === 'architecture' && values.length === 1) return [];
    const sorted = values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values;
    return [{ name, isOfStudy: studyAxes.includes(name), values: sorted }];
  });
}

/** `seed=0,round=3`, on the axes given or on all. */
export function placeText(place: Place, axes: readonly string[] = [...place.keys()]): string {
  return axes.map((axis) => `${axis}=${String(place.get(axis))}`).join(',');
}

/** Of few enough digits that it is written the same everywhere. */
function isPlainNumber(text: string): boolean {
  return /^[0-9]{1,12}(\.[0-9]{1,6})?$/.test(text) && (Number(text) === 0 || Number(text) >= 1e-4);
}
