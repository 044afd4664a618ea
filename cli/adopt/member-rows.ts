import type { Member } from './members.ts';

const none = '·';

/** Rows under a heading: what each checkpoint was found to be, beside what is said of it. */
export function memberRows(members: readonly Member[]): readonly (readonly string[])[] {
  const axes = [...(members[0]?.place.keys() ?? [])].filter(
    (axis) => axis !== 'name' && axis !== 'architecture',
  );
  const says = (fact: 'sparsity' | 'accuracy'): boolean =>
    members.some(({ stated }) => stated[fact] !== undefined);
  const stated = (['sparsity', 'accuracy'] as const).filter(says);
  return [
    [
      'checkpoint',
      ...axes,
      'model',
      'classes',
      'masks',
      'sparsity',
      ...stated.map((fact) => `stated ${fact}`),
    ],
    ...members.map(({ name, place, found, stated: words }) => [
      name,
      ...axes.map((axis) => String(place.get(axis))),
      ...[found.model, String(found.classes), found.masks, percent(found.sparsity)],
      ...stated.map((fact) => percent(words[fact])),
    ]),
  ];
}

function percent(share: number | undefined): string {
  return share === undefined ? none : `${(100 * share).toFixed(2)} %`;
}
