import { describeRule, isEachOfOneTraining } from '../../sweet-spots/describe-rule.ts';
import { failsControl } from '../../sweet-spots/decision.ts';
import type { DecidedPoint, Decision } from '../../sweet-spots/decision.ts';
import { drawForest } from '../charts/forest.ts';
import type { ForestRow } from '../charts/forest.ts';
import { lineColour } from '../charts/palette.ts';
import { scoreRows } from '../data/score-rows.ts';
import { html } from '../page/html.ts';
import { percentFactor, sparsityText } from '../page/numbers.ts';
import { aspectOf, decidedPoints, decisionFor, lineOf, sweetPoints } from '../study/lookup.ts';
import type { Aspect } from '../study/lookup.ts';
import { doorsIn } from '../study/gain-doors.ts';
import type { DoorOf } from '../study/gain-doors.ts';
import { scoreName } from '../study/score-name.ts';
import type { Line, Study } from '../study/study.ts';
import type { Figure } from './figure.ts';
import { controlsTable } from './controls-table.ts';
import { describe, gainTable } from './gain-table.ts';

/** Aspects in the order of the page, with the words for them. */
export const aspects: readonly { readonly aspect: Aspect; readonly title: string }[] = [
  { aspect: 'localisation', title: 'Localisation' },
  { aspect: 'discovery', title: 'Object discovery' },
  { aspect: 'sets', title: 'Human alignment' },
  { aspect: 'people', title: 'Likeness to people' },
  { aspect: 'accuracy', title: 'Accuracy' },
];

/** Where sparse models beat their dense selves, how surely, and how that was decided. */
export const sweetSpotsFigure: Figure = {
  name: 'sweet-spots',
  render: (study, draw) => {
    const decided = study.decisions;
    if (decided.length === 0) return undefined;
    const lines = study.lines.filter((line) => decided.some((one) => lineOf(study, one) === line));
    const captioned = lines.length > 1;
    const strongest = strongestGain(decided);
    const doorOf = doorsIn(study);
    const rows = lines.map((line) => ({
      line,
      rows: forestRows(decisionsOf(study, decided, line), doorOf),
    }));
    const reach = rows.flatMap((panel) =>
      panel.rows.flatMap((row) => [...row.images, ...row.decided, ...row.eachSeed]),
    );
    const shared: [number, number] = [Math.min(...reach), Math.max(...reach)];
    return {
      id: 'sweet-spots',
      title: 'Sweet spots',
      data: scoreRows(
        study,
        study.series.filter((one) => decisionFor(study, one) !== undefined),
      ),
      body: html`<p class="lead">
          A sweet spot is a sparsity at which a model scores better than its dense self, by more than
          ${isEachOfOneTraining(decided) ? 'the images scatter. Each model was trained once: another training of it may have its sweet spots elsewhere, or none' : 'other images and other trainings would scatter'}.
        </p>
        <figure>
          ${lines.map((line) =>
            gainTable({
              line,
              groups: groupsOf(decisionsOf(study, decided, line)),
              strongest,
              captioned,
              doorOf,
            }),
          )}
          <figcaption>
            Gain over the dense model for every score and sparsity, in percentage points: blue is better,
            orange is worse.
            <span class="sweet-key">Framed</span> cells are sweet
            spots${study.controls.length === 0 ? '' : ', with a broken frame and \u2020 where one fails a control'}.
            Point at a cell for its intervals.
          </figcaption>
        </figure>
        <figure>
          <div class="panels ${captioned ? 'two' : 'one'}">
            ${rows.map(
              (panel) =>
                html`<section class="panel">
                  ${captioned ? html`<h3>${panel.line.label}</h3>` : undefined}
                  <div class="scroll">
                    ${drawForest(draw, { label: `Best gain of each score, ${panel.line.label}`, rows: panel.rows, colour: lineColour(panel.line.index), reach: shared, width: captioned ? 560 : 820, unit: decided.every((one) => percentFactor(one.unit) !== undefined) ? 'percentage points' : '' })}
                  </div>
                </section>`,
            )}
          </div>
          <figcaption>
            The best sweet spot of each score, in percentage points over dense; grey where there is none, at
            the sparsity of the largest gain. Thick bar: interval over images, for these trainings.
            ${isEachOfOneTraining(decided) ? 'Thin bar: the interval that decides.' : 'Thin bar: the interval that decides, over images and trainings; crosses: the single seeds.'}
            At the right the sparsity.
          </figcaption>
        </figure>
        ${controlsTable(study)}
        <aside class="rule">
          <h3>How it was decided</h3>
          <ol>
            ${describeRule(study.rule, study.controls, decided).map((sentence) => html`<li>${sentence}</li>`)}
          </ol>
        </aside>`,
    };
  },
};

function decisionsOf(study: Study, decided: readonly Decision[], line: Line): readonly Decision[] {
  return decided.filter((one) => lineOf(study, one) === line);
}

function groupsOf(
  decisions: readonly Decision[],
): { readonly title: string; readonly decisions: readonly Decision[] }[] {
  const named = aspects.map(({ aspect, title }) => ({
    title,
    decisions: decisions.filter((one) => aspectOf(one) === aspect),
  }));
  const other = { title: 'Other scores', decisions: decisions.filter((one) => aspectOf(one) === undefined) };
  return [...named, other].filter((group) => group.decisions.length > 0);
}

/** Nearly the largest gain: what is better must be told apart, however deep the sparsest models fall. */
function strongestGain(decisions: readonly Decision[]): number {
  const gains = decisions
    .flatMap((one) => decidedPoints(one).map((point) => (point.gain ?? 0) * (percentFactor(one.unit) ?? 1)))
    .filter((gain) => gain > 0)
    .sort((a, b) => a - b);
  return gains[Math.floor(gains.length * 0.95)] ?? 1;
}

function forestRows(decisions: readonly Decision[], doorOf: DoorOf): readonly ForestRow[] {
  return groupsOf(decisions).flatMap((group) =>
    group.decisions.flatMap((decision) => {
      const sweet = sweetPoints(decision)[0];
      const point = sweet ?? largestGain(decision);
      if (point === undefined || point.gain === null || point.imageInterval === null) return [];
      const told = { ...point, gain: point.gain, imageInterval: point.imageInterval };
      return [{ ...rowOf(decision, told), door: doorOf(decision, point) }];
    }),
  );
}

function rowOf(
  decision: Decision,
  point: DecidedPoint & { readonly gain: number; readonly imageInterval: readonly [number, number] },
): ForestRow {
  const factor = percentFactor(decision.unit) ?? 1;
  const [low, high] = point.interval ?? point.imageInterval;
  const name = scoreName(decision);
  return {
    key: JSON.stringify([decision.measure, decision.metric, decision.method, decision.set]),
    name: name.length > 28 ? `${name.slice(0, 27)}\u2026` : name,
    gain: point.gain * factor,
    images: [point.imageInterval[0] * factor, point.imageInterval[1] * factor],
    decided: [low * factor, high * factor],
    eachSeed: point.seedGains.length > 1 ? point.seedGains.map((gain) => gain * factor) : [],
    sweet: point.verdict === 'sweet-spot',
    note: sparsityText(point.sparsity) + (failsControl(point) ? '\u2020' : ''),
    title: describe(decision, point),
  };
}

function largestGain(decision: Decision): DecidedPoint | undefined {
  return decidedPoints(decision)
    .filter((point) => point.sparsity > 0 && point.gain !== null)
    .sort((a, b) => b.gain! - a.gain!)[0];
}
