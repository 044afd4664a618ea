import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural, sparsityText } from '../page/numbers.ts';
import { aspectOf, distinct, lineOf, sparsitiesOf, sweetPoints } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import { soFar } from './so-far.ts';

/** Title, what is asked, and the study in a few numbers. */
export function header(study: Study): Html {
  return html`<header>
    <p class="brand">sweetspot report</p>
    <h1>${study.title}</h1>
    ${study.description === '' ? undefined : html`<p class="description">${study.description}</p>`}
    <dl class="facts">
      ${facts(study).map(
        ({ name, value, detail }) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}<small>${detail}</small></dd>
          </div>`,
      )}
    </dl>
    ${soFar(study)}
  </header>`;
}

interface Fact {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

function facts(study: Study): readonly Fact[] {
  // Models differ in their last weights, so that equal rounds are told apart between lines: the longest pool counts.
  const pools = study.lines.map((line) =>
    sparsitiesOf(study.series.filter((one) => lineOf(study, one) === line)),
  );
  const sparsities = pools.sort((a, b) => b.length - a.length)[0] ?? [];
  const sets = distinct(study.series.filter((one) => aspectOf(one) === 'sets').map((one) => one.set));
  const methods = distinct(
    study.series.filter((one) => aspectOf(one) === 'localisation').map((one) => one.method),
  );
  const decided = study.decisions;
  const sweet = decided.filter((one) => sweetPoints(one).length > 0);
  return [
    {
      name: study.lines.length === 1 ? 'Model' : 'Models',
      value: study.lines.length === 1 ? study.lines[0]!.label : String(study.lines.length),
      detail: study.lines.length === 1 ? '' : study.lines.map((line) => line.label).join(', '),
    },
    ...(study.seeds.length === 0
      ? []
      : [
          {
            name: 'Seeds',
            value: String(study.seeds.length),
            detail: study.seeds.length === 1 ? 'no spread over seeds' : study.seeds.join(', '),
          },
        ]),
    ...(sparsities.length === 0
      ? []
      : [
          {
            name: 'Sparsities',
            value: String(sparsities.length),
            detail:
              sparsities.length === 1
                ? sparsityText(sparsities[0]!)
                : `${sparsityText(sparsities[0]!)} to ${sparsityText(sparsities.at(-1)!)}`,
          },
        ]),
    ...(methods.length === 0
      ? []
      : [{ name: 'Methods', value: String(methods.length), detail: 'of attribution' }]),
    ...(sets.length === 0
      ? []
      : [{ name: 'Sets', value: String(sets.length), detail: 'out of distribution' }]),
    ...(decided.length === 0
      ? []
      : [
          {
            name: 'Sweet spots',
            value: `${sweet.length} of ${decided.length}`,
            detail: `${plural(decided.length, 'score')} judged`,
          },
        ]),
  ];
}
