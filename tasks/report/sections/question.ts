import { plural, sparsityText } from '../page/numbers.ts';
import { aspectOf, distinct, lineOf, seriesAbout, sparsitiesOf, sweetPoints } from '../study/lookup.ts';
import type { Aspect } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';

const asked: readonly { readonly aspect: Aspect; readonly name: string }[] = [
  { aspect: 'localisation', name: 'localisation' },
  { aspect: 'discovery', name: 'object discovery' },
  { aspect: 'sets', name: 'recognition out of distribution' },
  { aspect: 'people', name: 'likeness to people' },
  { aspect: 'accuracy', name: 'accuracy' },
];

/** What the study asks, in a sentence made from what it scored; undefined where nothing was. */
export function question(study: Study): string | undefined {
  const about = asked.filter(({ aspect }) => seriesAbout(study, aspect).length > 0).map(({ name }) => name);
  if (about.length === 0) return undefined;
  const names = study.lines.map(({ label }) => label);
  const who =
    names.length === 1
      ? `${names[0]!} beats its dense self`
      : `${names.length > 4 ? `the ${names.length} models` : listed(names, 'and')} beat their dense selves`;
  return `Is there a sparsity at which ${who} in ${listed(about, 'or')}?`;
}

/** How large the study is, in a few words each. */
export function facts(study: Study): readonly string[] {
  // Models differ in their last weights, so that equal rounds are told apart between lines: the longest pool counts.
  const pools = study.lines.map((line) =>
    sparsitiesOf(study.series.filter((one) => lineOf(study, one) === line)),
  );
  const sparsities = pools.sort((a, b) => b.length - a.length)[0] ?? [];
  const counted = (aspect: Aspect, of: 'method' | 'set'): number =>
    distinct(study.series.filter((one) => aspectOf(one) === aspect).map((one) => one[of])).length;
  const methods = counted('localisation', 'method');
  const sets = counted('sets', 'set');
  const sweet = study.decisions.filter((one) => sweetPoints(one).length > 0).length;
  const judged = study.decisions.length;
  return [
    plural(study.lines.length, 'model'),
    study.seeds.length === 0 ? '' : seedsText(study.seeds.length),
    sparsities.length === 0 ? '' : sparsitiesText(sparsities),
    methods === 0 ? '' : plural(methods, 'attribution method'),
    sets === 0 ? '' : plural(sets, 'out-of-distribution set'),
    judged === 0 ? '' : `sweet spots in ${sweet} of ${plural(judged, 'score')}`,
  ].filter((fact) => fact !== '');
}

function seedsText(count: number): string {
  return count === 1 ? '1 seed (no spread over seeds)' : plural(count, 'seed');
}

function sparsitiesText(sparsities: readonly number[]): string {
  const [first] = sparsities;
  if (sparsities.length === 1) return `1 sparsity (${sparsityText(first!)})`;
  return `${plural(sparsities.length, 'sparsity', 'sparsities')} (${sparsityText(first!)} to ${sparsityText(sparsities.at(-1)!)})`;
}

function listed(names: readonly string[], last: 'and' | 'or'): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}
