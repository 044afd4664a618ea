import { failsControl } from '../../sweet-spots/decision.ts';
import type { Decision } from '../../sweet-spots/decision.ts';
import type { Draw } from '../charts/draw.ts';
import { drawGainChart } from '../charts/gain-chart.ts';
import type { GainRing } from '../charts/gain-chart.ts';
import { pictureLegend, swatch } from '../charts/legend.ts';
import { sparsityAxis } from '../charts/sparsity-axis.ts';
import type { SparsityAxis } from '../charts/sparsity-axis.ts';
import type { ValueAxis } from '../charts/value-axis.ts';
import { describe } from '../figures/gain-table.ts';
import { aspects } from '../figures/sweet-spots.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { gainText, percentFactor, sparsityText } from '../page/numbers.ts';
import { bestSpot, largestSpot, spotsOf } from '../study/best-spot.ts';
import type { Spot } from '../study/best-spot.ts';
import { doorsIn, meanGainDoor } from '../study/gain-doors.ts';
import { gainsOf } from '../study/gains.ts';
import type { Gains, MeanGain } from '../study/gains.ts';
import { meanIntervals } from '../study/mean-intervals.ts';
import { gainAxis, leaves } from './gain-axis.ts';
import { aspectOf, decidedPoints, distinct, lineOf, sameSparsity, sparsitiesOf } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';

/** One question: a row of charts, one a model, on the same axes. */
interface Question {
  readonly title: string;
  /** `points` for percentage points. */
  readonly unit: string;
  readonly y: ValueAxis;
  readonly gains: ReadonlyMap<Line, Gains>;
}

/** All scores against sparsity as gains over dense: a column a model, a row a question, sweet spots ringed. */
export function picture(study: Study, draw: Draw): Html {
  const x = sparsityAxis(sparsitiesOf(study.series));
  const questions = questionsOf(study);
  const lines = study.lines.filter((line) => questions.some(({ gains }) => gains.has(line)));
  const alone = lines.length === 1;
  const columns = !alone ? Math.min(4, lines.length) : questions.length > 4 ? 3 : 2;
  const width = Math.floor((1112 - 19 * (columns - 1)) / columns);
  const rows = alone ? Math.ceil(questions.length / columns) : questions.length;
  const height = Math.max(56, Math.min(168, Math.round((columns > 3 ? 280 : 320) / rows)));
  const cell = (line: Line, question: Question, i: number): Html =>
    chartOf({ study, draw, x, line, question, width, height, last: alone || i === questions.length - 1 });
  const widest = questions.some(({ gains }) => [...gains.values()].some((one) => isWidest(one)));
  const falls = questions.some(({ y, gains }) => [...gains.values()].some((one) => leaves(one, y)));
  return html`<figure class="picture">
    <p class="picture-title">
      <b>Gain over the dense model</b> in percentage points, against sparsity in per cent
    </p>
    <div class="columns of-${columns}${alone ? ' alone' : ''}">
      ${lines.map(
        (line) =>
          html`<section>
            <h3>${swatch(line)} ${line.label}</h3>
            <div class="rows">${questions.map((question, i) => cell(line, question, i))}</div>
          </section>`,
      )}
    </div>
    ${pictureLegend(study)}
    <figcaption>
      Above the black line a model beats its dense
      self.${alone ? '' : ' Rows share their axis.'}${columns > 2 ? ' At the right of each chart, how many of its scores have a sweet spot.' : ''}${falls ? ' Arrows at the foot: it falls further, which the figures below show whole.' : ''}${widest ? ' Bars of means whose images were not given are the widest that they can be.' : ''}
    </figcaption>
  </figure>`;
}

function questionsOf(study: Study): readonly Question[] {
  const intervalsOf = meanIntervals(study);
  const named = [...aspects, { aspect: undefined, title: 'Other scores' }];
  return named.flatMap(({ aspect, title }) => {
    const about = study.decisions.filter((one) => aspectOf(one) === aspect);
    // Only what has one unit has a mean.
    return distinct(about.map(unitOf)).map((unit): Question => {
      const own = about.filter((one) => unitOf(one) === unit);
      const gains = new Map(
        study.lines.flatMap((line) => {
          const decisions = own.filter((one) => lineOf(study, one) === line);
          return decisions.length === 0 ? [] : [[line, gainsOf(decisions, intervalsOf)] as const];
        }),
      );
      return {
        title,
        unit,
        y: gainAxis([...gains.values()], unit === 'points' ? 10 : Infinity),
        gains,
      };
    });
  });
}

function unitOf({ unit }: Decision): string {
  return percentFactor(unit) === undefined ? unit : 'points';
}

function isWidest({ mean }: Gains): boolean {
  return mean.some(({ widest }) => widest);
}

const noSpot = 'no sweet spot';

interface ChartRequest {
  readonly study: Study;
  readonly draw: Draw;
  readonly x: SparsityAxis;
  readonly line: Line;
  readonly question: Question;
  readonly width: number;
  readonly height: number;
  /** Whether the labels of the axis stand below. */
  readonly last: boolean;
}

function chartOf({ study, draw, x, line, question, width, height, last }: ChartRequest): Html {
  const gains = question.gains.get(line);
  if (gains === undefined)
    return html`<div class="cell">
      <h4>${question.title} <span>not scored</span></h4>
    </div>`;
  const { decisions, factor } = gains;
  const spots = spotsOf(decisions);
  const best = bestSpot(spots);
  const marked = best ?? largestSpot(spots);
  const having = decisions.filter((decision) => spots.some((spot) => spot.decision === decision)).length;
  const alone = decisions.length === 1 ? decisions[0] : undefined;
  const isRinged = ({ sparsity }: MeanGain): boolean =>
    spots.some(({ point }) => sameSparsity(point.sparsity, sparsity));
  const shared = question.unit === 'points' ? '' : `${question.unit}; `;
  const chart = drawGainChart(draw, {
    label: `${question.title}, ${line.label}: gain over dense against sparsity; ${marked === undefined ? noSpot : `largest at a sweet spot ${noteOf(marked)}`}`,
    index: line.index,
    mean: gains.mean.map((point) => ({
      ...point,
      title: meanTitle(line, question, point),
      // Of one score the ring is the door, where it has one.
      door: alone !== undefined && isRinged(point) ? undefined : meanGainDoor(study, point.of, point),
    })),
    singles: alone !== undefined ? [] : decisions.map((one) => ({ points: pointsOf(one, factor) })),
    rings: spots.map((spot) => {
      const door = doorsIn(study)(spot.decision, spot.point);
      return { ...ringOf(spot, factor, spot === marked), door };
    }),
    remark: marked === undefined ? noSpot : undefined,
    x,
    y: question.y,
    width,
    height: last ? height + 16 : height,
    sparsityLabels: last,
  });
  return html`<div class="cell">
    <h4>
      ${question.title}
      <span
        >${shared}<i class="long">sweet spots in </i>${having} of ${decisions.length}<i class="long">
          ${decisions.length === 1 ? 'score' : 'scores'}</i
        ></span
      >
    </h4>
    ${chart}
  </div>`;
}

function pointsOf(
  decision: Decision,
  factor: number,
): readonly { readonly sparsity: number; readonly gain: number }[] {
  return decidedPoints(decision).flatMap(({ sparsity, gain }) =>
    gain === null ? [] : [{ sparsity, gain: gain * factor }],
  );
}

function ringOf({ decision, point }: Spot, factor: number, isMarked: boolean): Omit<GainRing, 'door'> {
  const ring = {
    sparsity: point.sparsity,
    gain: (point.gain ?? 0) * factor,
    doubted: failsControl(point),
    title: describe(decision, point),
  };
  return isMarked ? { ...ring, note: noteOf({ decision, point }) } : ring;
}

/** `+3.1 at 36 %`, with the sign of what fails a control. */
function noteOf({ decision, point }: Spot): string {
  return `${gainText(point.gain, decision.unit)} at ${sparsityText(point.sparsity)}${failsControl(point) ? '\u2020' : ''}`;
}

function meanTitle(line: Line, { title, unit: measured }: Question, point: MeanGain): string {
  const unit = measured === 'points' ? 'percent' : measured;
  const range = (name: string, ends: readonly [number, number] | undefined): string =>
    ends === undefined ? '' : `\n${name}: ${gainText(ends[0], unit)} to ${gainText(ends[1], unit)}`;
  const { of, gain, seeds, interval, images, widest } = point;
  const what = of.length === 1 ? title : `${title}, mean of ${of.length} scores`;
  const at = `${line.label} at ${sparsityText(point.sparsity)} sparsity\n${what}: ${gainText(gain, unit)} over dense`;
  if (point.sparsity === 0) return at;
  const most = widest ? ' (at most)' : '';
  return seeds === undefined
    ? `${at}${range(`images${most}`, interval)}`
    : `${at}${range('seeds', seeds)}${range(`images${most}`, images)}${range(`images and trainings${most}`, interval)}`;
}
