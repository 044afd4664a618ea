import { failsControl } from '../../sweet-spots/decision.ts';
import type { DecidedPoint, Decision } from '../../sweet-spots/decision.ts';
import { swatch } from '../charts/legend.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { gainText, scoreNumber, sparsityText } from '../page/numbers.ts';
import { aspectOf, lineOf, sweetPoints } from '../study/lookup.ts';
import type { Aspect } from '../study/lookup.ts';
import { scoreName } from '../study/score-name.ts';
import type { Line, Study } from '../study/study.ts';

/** What is asked of a model, in the words of the answer. */
const questions: readonly { readonly aspect: Aspect; readonly does: string; readonly about: string }[] = [
  { aspect: 'localisation', does: 'localises best at', about: 'localisation' },
  { aspect: 'discovery', does: 'finds objects best at', about: 'object discovery' },
  { aspect: 'sets', does: 'gains most out of distribution at', about: 'the out-of-distribution sets' },
];

/** The study's answer, a sentence a model: where it does best what it was asked, by how much, and what it does not do better at all. */
export function answers(study: Study): Html | undefined {
  const sentences = study.lines.flatMap((line) => {
    const own = study.decisions.filter((one) => lineOf(study, one) === line);
    const text = own.length === 0 ? undefined : sentence(own);
    return text === undefined ? [] : [{ line, text }];
  });
  if (sentences.length === 0) return undefined;
  return html`<ul class="answers">
    ${sentences.map(({ line, text }) => html`<li>${swatch(line)} ${nameOf(line)} ${text}</li>`)}
  </ul>`;
}

function nameOf(line: Line): Html {
  return html`<b>${line.label}</b>`;
}

function sentence(own: readonly Decision[]): Html | undefined {
  const asked = questions.flatMap((question) => {
    const about = own.filter((one) => aspectOf(one) === question.aspect);
    return about.length === 0 ? [] : [{ ...question, spots: about.flatMap(spotsOf) }];
  });
  if (asked.length === 0) return undefined;
  const told = asked.flatMap(({ does, spots }) => {
    const best = largest(spots.filter(({ point }) => !failsControl(point)));
    return best === undefined ? [] : [{ does, best }];
  });
  const clauses = told.map(({ does, best }, i) => clause(does, best, i === 0 ? ' sparsity' : ''));
  const doubted = asked.filter(
    ({ spots }) => spots.length > 0 && spots.every(({ point }) => failsControl(point)),
  );
  const without = asked.filter(({ spots }) => spots.length === 0);
  const rest = [
    ...(without.length === 0 ? [] : [`has no sweet spot in ${listed(without.map(({ about }) => about))}`]),
    ...(doubted.length === 0
      ? []
      : [
          `has ${without.length === 0 ? 'no sweet spot' : 'none'} in ${listed(doubted.map(({ about }) => about))} that its controls confirm`,
        ]),
  ].map((text) => html`${text}`);
  return joined([...clauses, ...rest]);
}

interface Spot {
  readonly decision: Decision;
  readonly point: DecidedPoint;
}

function spotsOf(decision: Decision): readonly Spot[] {
  return sweetPoints(decision).map((point) => ({ decision, point }));
}

function largest(spots: readonly Spot[]): Spot | undefined {
  return [...spots].sort((a, b) => (b.point.gain ?? 0) - (a.point.gain ?? 0))[0];
}

/** `localises best at 36 % sparsity (RMA, GradCAM: +3.1 [1.2, 4.9] over dense)`; in brackets the interval over images. */
function clause(does: string, { decision, point }: Spot, what: string): Html {
  const { unit } = decision;
  const interval = point.imageInterval;
  const range =
    interval === null ? '' : ` [${scoreNumber(interval[0], unit)}, ${scoreNumber(interval[1], unit)}]`;
  return html`${does} <b>${sparsityText(point.sparsity)}</b>${what}
    <span class="quiet">(${scoreName(decision)}: ${gainText(point.gain, unit)}${range} over dense)</span>`;
}

function joined(clauses: readonly Html[]): Html {
  return html`${clauses.map((one, i) => {
    const before = i === 0 ? '' : i === clauses.length - 1 ? (i === 1 ? ' and ' : ', and ') : ', ';
    return html`${before}${one}`;
  })}.`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
