import { failsControl, isOfOneTraining } from '../../sweet-spots/decision.ts';
import type { Decision } from '../../sweet-spots/decision.ts';
import { swatch } from '../charts/legend.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { setLabel } from '../page/labels.ts';
import { gainText, percentFactor, plural, scoreNumber, sparsityText } from '../page/numbers.ts';
import { bestSpot, spotsOf } from '../study/best-spot.ts';
import type { Spot } from '../study/best-spot.ts';
import { aspectOf, lineOf, sweetPoints } from '../study/lookup.ts';
import type { Aspect } from '../study/lookup.ts';
import { scoreName } from '../study/score-name.ts';
import type { Line, Study } from '../study/study.ts';

/** What is asked of a model, in the words of the answer. */
const questions: readonly { readonly aspect: Aspect; readonly does: string; readonly about: string }[] = [
  { aspect: 'localisation', does: 'localises best at', about: 'localisation' },
  { aspect: 'discovery', does: 'finds objects best at', about: 'object discovery' },
  { aspect: 'sets', does: 'gains most out of distribution at', about: 'the out-of-distribution sets' },
  { aspect: 'people', does: 'errs most like people at', about: 'likeness to people' },
];

/** The study's answer, a sentence a model: where it does best what it was asked, by how much, and what it does not do better at all. */
export function answers(study: Study): Html | undefined {
  const sentences = study.lines.flatMap((line) => {
    const own = study.decisions.filter((one) => lineOf(study, one) === line);
    const text = own.length === 0 ? undefined : sentence(own);
    return text === undefined ? [] : [{ line, text }];
  });
  if (sentences.length === 0) return undefined;
  return html`<ul class="answers${sentences.length > 3 ? ' many' : ''}">
      ${sentences.map(({ line, text }) => html`<li>${swatch(line)} ${nameOf(line)} ${text}</li>`)}
    </ul>
    ${accuracyToo(study)}`;
}

/** Where accuracy gains as well, the first thing to ask is whether the dense model was trained to its end. */
function accuracyToo(study: Study): Html | undefined {
  const gains = study.lines.flatMap((line) => {
    const own = study.decisions.filter((one) => aspectOf(one) === 'accuracy' && lineOf(study, one) === line);
    const best = bestSpot(spotsOf(own));
    return best === undefined ? [] : [{ line, best }];
  });
  if (gains.length === 0) return undefined;
  const told = gains.map(({ line, best: { decision, point } }, i) => {
    const unit = i === 0 ? ` ${gainUnit(decision.unit)}` : '';
    return `${line.label} ${gainText(point.gain, decision.unit)}${unit} at ${sparsityText(point.sparsity)}`;
  });
  return html`<p class="caveat">
    Accuracy rises too (${told.join(', ')}): further training, not sparsity, may be the cause.
  </p>`;
}

function nameOf(line: Line): Html {
  return html`<b>${line.label}</b>`;
}

function sentence(own: readonly Decision[]): Html | undefined {
  const asked = questions.flatMap((question) => {
    const about = own.filter((one) => aspectOf(one) === question.aspect);
    return about.length === 0 ? [] : [{ ...question, spots: spotsOf(about) }];
  });
  if (asked.length === 0) return undefined;
  const told = asked.flatMap(({ does, spots }) => {
    const best = bestSpot(spots);
    return best === undefined ? [] : [{ does, best }];
  });
  const clauses = told.map(({ does, best }, i) => clause(does, best, i === 0));
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

/**
 * `localises best at 36 % sparsity (RMA, GradCAM: +3.1 points [1.2, 4.9] over dense)`; in brackets the interval that decided.
 * What the first clause says need not be said again.
 */
function clause(does: string, { decision, point }: Spot, first: boolean): Html {
  const { unit } = decision;
  const interval = point.interval ?? point.imageInterval;
  const range =
    interval === null ? '' : ` [${scoreNumber(interval[0], unit)}, ${scoreNumber(interval[1], unit)}]`;
  const gain = `${gainText(point.gain, unit)} ${gainUnit(unit)}${range}${first ? ' over dense' : ''}`;
  return html`${does} <b>${sparsityText(point.sparsity)}</b>${first ? ' sparsity' : ''}
    <span class="quiet"
      >(${nameInSentence(decision)}:
      ${gain}${isOfOneTraining(point) ? '; one training' : ''}${rejected(decision)})</span
    >`;
}

/** One that passes among many that fail is worth less than one of many that pass. */
function rejected(decision: Decision): string {
  const all = sweetPoints(decision);
  const failing = all.filter(failsControl).length;
  return failing === 0
    ? ''
    : `; ${failing} of its ${plural(all.length, 'sweet spot')} ${failing === 1 ? 'fails' : 'fail'} a control`;
}

/** The question already says that it is about people. */
function nameInSentence(decision: Decision): string {
  return aspectOf(decision) === 'people' ? setLabel(decision.set ?? '') : scoreName(decision);
}

/** Differences of per cents are points. */
function gainUnit(unit: string): string {
  return percentFactor(unit) === undefined ? unit : 'points';
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
