import type { Draw } from '../charts/draw.ts';
import type { Section } from '../figures/figure.ts';
import { aspects } from '../figures/sweet-spots.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import { aspectOf } from '../study/lookup.ts';
import { differenceText, seriesName } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import type { JudgedScore } from './differences.ts';
import { overallFigure } from './overall-figure.ts';
import { causesCount } from './study-changes.ts';
import type { Cause, NamedCount, StudyChanges } from './study-changes.ts';

/** The longest list of causes on the first screen. */
const mostCauses = 8;
const mostNames = 6;

/** What changed in the study beside what changed in the scores, a sentence each. */
export function compareGlance(comparison: Comparison, draw: Draw): Section {
  return {
    id: 'glance',
    title: 'At a glance',
    body: html`<div class="beside">
        <section>
          <h3>What changed in the study</h3>
          <ul>
            ${studySentences(comparison).map((sentence) => html`<li>${sentence}</li>`)}
          </ul>
        </section>
        <section>
          <h3>What changed in the scores</h3>
          <ul>
            ${scoreSentences(comparison).map((sentence) => html`<li>${sentence}</li>`)}
          </ul>
        </section>
      </div>
      <p class="lead caution">${caution(comparison)}</p>
      ${overallFigure(comparison, draw)}`,
  };
}

function studySentences({ changes, before, after }: Comparison): readonly Html[] {
  const { causes, removed, added, texts, results } = changes;
  const told = causes.slice(0, mostCauses).map(causeSentence);
  const more = causes.length - told.length;
  const machines = before.madeOn.join('; ') !== after.madeOn.join('; ');
  const sentences = [
    ...told,
    ...(more > 0 ? [html`and ${plural(more, 'more change')} <a href="#study">below</a>`] : []),
    ...(removed.length > 0 ? [html`only the first has ${countsText(removed, mostNames)}`] : []),
    ...(added.length > 0 ? [html`only the second has ${countsText(added, mostNames)}`] : []),
    ...(results.remade > 0
      ? [
          html`${plural(results.remade, 'result')} of the same task came out with other bytes: not
          deterministic, or made on another kind of device`,
        ]
      : []),
    ...(machines ? [html`results were made on other machinery: <a href="#study">below</a>`] : []),
  ];
  if (sentences.length > 0) return sentences;
  return texts.length === 0
    ? [html`Nothing: the same text, parameters, data and versions.`]
    : [html`Only the text (<a href="#study">below</a>): no task became another by it.`];
}

function causeSentence({ task, name, before, after, count }: Cause): Html {
  const many = count > 1 ? html` <small>(${count} tasks)</small>` : undefined;
  return html`<code>${name}</code> of <code>${task}</code>: <b>${before ?? 'none'}</b> →
    <b>${after ?? 'none'}</b>${many}`;
}

export function countsText(counts: readonly NamedCount[], most: number = Number.POSITIVE_INFINITY): string {
  const shown = counts.slice(0, most).map(({ name, count }) => `${name} (${plural(count, 'task')})`);
  return [...shown, ...(counts.length > shown.length ? ['\u2026'] : [])].join(', ');
}

function scoreSentences(comparison: Comparison): readonly Html[] {
  const { scores, lines } = comparison;
  if (scores.length === 0)
    return [html`No score of one run has its like in the other, so there is nothing to compare.`];
  if (scores.every(({ isSame }) => isSame))
    return [
      html`Nothing: all ${plural(scores.length, 'score')} have the same values.`,
      sweetSentence(comparison),
    ];
  if (scores.every((one) => one.isSame || isUnmoved(one)))
    return [
      html`Nothing: all ${plural(scores.length, 'score')} have the same values wherever both runs scored.`,
      sweetSentence(comparison),
    ];
  const sentences = lines.flatMap((line) =>
    [...aspects, { aspect: undefined, title: 'Other scores' }].flatMap(({ aspect, title }) => {
      const about = scores.filter((one) => one.line === line && aspectOf(one.after) === aspect);
      if (about.length === 0) return [];
      const name =
        lines.length > 1 ? html`<b>${line.label}</b>, ${title.toLowerCase()}` : html`<b>${title}</b>`;
      return [html`${name}: ${aspectSentence(about)}`];
    }),
  );
  return [...sentences, sweetSentence(comparison)];
}

function aspectSentence(scores: readonly JudgedScore[]): Html {
  if (scores.every(({ isSame }) => isSame)) return html`the same values`;
  if (scores.every(isUnmoved)) return html`the same values wherever both scored`;
  const changed = largestFirst(scores.filter(({ overall }) => overall?.isBeyondChance === true));
  const [first] = changed;
  const [only, ...others] = scores;
  if (others.length === 0) {
    if (only?.overall === undefined) return html`no image has a value in both runs`;
    const text = differenceText(only.overall, only.after.unit);
    return first === undefined
      ? html`unchanged beyond chance <small>(${text})</small>`
      : html`<b>${text}</b>`;
  }
  if (first === undefined) {
    const [largest] = largestFirst(scores);
    const said =
      largest?.overall === undefined
        ? ''
        : ` (largest: ${seriesName(largest.after)} ${differenceText(largest.overall, largest.after.unit)})`;
    return html`none of ${scores.length} scores changed beyond chance<small>${said}</small>`;
  }
  const better = changed.filter((one) => isBetter(one)).length;
  const directions =
    better === changed.length
      ? 'better'
      : better === 0
        ? 'worse'
        : `${better} better, ${changed.length - better} worse`;
  return html`${changed.length} of ${scores.length} scores changed beyond chance (${directions}), most
    ${seriesName(first.after)} <b>${differenceText(first.overall!, first.after.unit)}</b>`;
}

/** What both scored is the same, though one of them scored more. */
function isUnmoved({ overall }: JudgedScore): boolean {
  return overall?.isNone === true;
}

/** Whether the second run is better, by the score's own direction. */
function isBetter({ overall, after }: JudgedScore): boolean {
  return overall !== undefined && overall.mean > 0 === after.higherIsBetter;
}

function largestFirst(scores: readonly JudgedScore[]): readonly JudgedScore[] {
  const size = ({ overall, after }: JudgedScore): number =>
    Math.abs(overall?.mean ?? 0) * (after.unit === 'percent' ? 0.01 : 1);
  return [...scores].sort((a, b) => size(b) - size(a));
}

function sweetSentence({ sweet, seedCounts }: Comparison): Html {
  const { appeared, vanished, kept, byRule, rulesDiffer } = sweet;
  const name = html`<b>Sweet spots</b>`;
  if (appeared + vanished === 0)
    return html`${name}: ${kept === 0 ? 'none in either run' : `the same ${kept}`}`;
  const rule =
    rulesDiffer && byRule > 0
      ? html`; ${byRule === appeared + vanished ? 'all' : `${byRule} of these changes`} because the second run
        decides by another rule`
      : undefined;
  const [before, after] = seedCounts;
  const seeds =
    before === after ? undefined : html`; decided by ${plural(before, 'seed')} before, by ${after} after`;
  return html`${name}: ${kept + vanished} before, ${kept + appeared} after: ${appeared} new, ${vanished} gone,
  ${kept} in both${rule}${seeds}`;
}

function caution(comparison: Comparison): string {
  const causes = causesCount(comparison.changes);
  const { scores, sharedSeeds, changes } = comparison;
  if (scores.every(({ isSame }) => isSame))
    return 'Every value of every image is the same: whatever else differs comes from how the values are read.';
  if (scores.every((one) => one.isSame || isUnmoved(one)))
    return 'Every value that both runs have is the same: they differ in what only one of them scored, other seeds or sparsities.';
  const seeds =
    sharedSeeds.length > 1
      ? `over ${sharedSeeds.length} seeds`
      : 'with one seed that both have, so that a model that was trained anew may differ by luck alone';
  const what = areApart(changes)
    ? 'The two have few tasks in common: this page cannot tell what a score follows.'
    : causes === 0
      ? changes.results.remade > 0
        ? 'No setting changed: what differs here comes from the machinery.'
        : 'No task changed by itself.'
      : causes === 1
        ? 'One thing changed, so the differences follow from it, or from chance.'
        : `${causes} things changed at once: this page cannot tell which of them a score follows. Change one at a time to know.`;
  return `${what} Brackets hold the 95 % interval over the same images in both runs; compared ${seeds}.`;
}

/** Two studies rather than two runs of one: more tasks that only one of them has than tasks of both. */
function areApart({ removed, added, results }: StudyChanges): boolean {
  const lone = [...removed, ...added].reduce((sum, { count }) => sum + count, 0);
  return lone > results.same + results.other + results.open;
}
