import { controlsText } from '../../sweet-spots/controls-text.ts';
import { failsControl, isOfOneTraining } from '../../sweet-spots/decision.ts';
import type { DecidedPoint, Decision } from '../../sweet-spots/decision.ts';
import { doorAttributes } from '../charts/door-marks.ts';
import { html, trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { gainText, percentFactor, scoreText, sparsityNumber, sparsityText } from '../page/numbers.ts';
import { decidedPoints, sameSparsity } from '../study/lookup.ts';
import type { Door } from '../study/doors.ts';
import type { DoorOf } from '../study/gain-doors.ts';
import { scoreName } from '../study/score-name.ts';
import type { Line } from '../study/study.ts';

export interface GainTableRequest {
  readonly line: Line;
  readonly groups: readonly { readonly title: string; readonly decisions: readonly Decision[] }[];
  /** A gain of this size, in display units, has the strongest colour. */
  readonly strongest: number;
  readonly captioned: boolean;
  /** What the score at a point rests on. */
  readonly doorOf: DoorOf;
}

/** Steps of either side of the two-sided scale; the style sheet has a colour for each. */
const gainSteps = 4;

/** From here on two figures have to do. */
const manyColumns = 16;

/** Every score at every sparsity: the gain over dense as number and colour, sweet spots framed. */
export function gainTable({ line, groups, strongest, captioned, doorOf }: GainTableRequest): Html {
  const sparsities = sparseSparsities(groups.flatMap((group) => group.decisions));
  const wide = sparsities.length > manyColumns;
  return html`<div class="scroll">
    <table class="gains${wide ? ' many' : ''}" style="--columns:${sparsities.length}">
      ${
        captioned
          ? html`<caption>
              ${line.label}
            </caption>`
          : undefined
      }
      <thead>
        <tr>
          <th scope="col"><span class="quiet">Sparsity, %</span></th>
          ${sparsities.map((sparsity) => html`<th scope="col">${sparsityNumber(sparsity)}</th>`)}
        </tr>
      </thead>
      ${groups.map(
        (group) =>
          html`<tbody>
            <tr class="group">
              <th scope="rowgroup" colspan="${sparsities.length + 1}">${group.title}</th>
            </tr>
            ${group.decisions.map(
              (decision) =>
                html`<tr>
                  <th scope="row">${scoreName(decision)}</th>
                  ${sparsities.map((sparsity) => cell({ decision, sparsity, strongest, wide, doorOf }))}
                </tr>`,
            )}
          </tbody>`,
      )}
    </table>
  </div>`;
}

function sparseSparsities(decisions: readonly Decision[]): readonly number[] {
  const all = decisions.flatMap((decision) => decidedPoints(decision).map((point) => point.sparsity));
  const ascending = all.filter((sparsity) => sparsity > 0).sort((a, b) => a - b);
  return ascending.filter((sparsity, i) => i === 0 || !sameSparsity(sparsity, ascending[i - 1]!));
}

interface CellRequest {
  readonly decision: Decision;
  readonly sparsity: number;
  readonly strongest: number;
  readonly wide: boolean;
  readonly doorOf: DoorOf;
}

function cell({ decision, sparsity, strongest, wide, doorOf }: CellRequest): Html {
  const point = decidedPoints(decision).find((one) => sameSparsity(one.sparsity, sparsity));
  if (point === undefined || point.gain === null) return html`<td></td>`;
  const gain = point.gain * (percentFactor(decision.unit) ?? 1);
  const step = Math.min(gainSteps, Math.round((Math.abs(gain) / strongest) * gainSteps));
  const tone = step === 0 ? '' : `${gain > 0 ? 'up' : 'down'}-${step}`;
  const text =
    wide && Math.abs(gain) >= 9.95
      ? gainText(Math.round(gain), 'points')
      : gainText(point.gain, decision.unit);
  const frame = point.verdict !== 'sweet-spot' ? '' : failsControl(point) ? ' sweet doubted' : ' sweet';
  const mark = failsControl(point) ? '\u2020' : '';
  return html`<td
    class="${tone}${frame}"
    title="${describe(decision, point)}"
    ${doorText(doorOf(decision, point))}
  >
    ${text}${mark}
  </td>`;
}

function doorText(door: Door | undefined): Html | undefined {
  if (door === undefined) return undefined;
  return trusted(
    doorAttributes(door)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join(''),
  );
}

/** A cell in words. */
export function describe(decision: Decision, point: DecidedPoint): string {
  const { unit } = decision;
  const range = (name: string, interval: DecidedPoint['interval']): string =>
    interval === null ? '' : `${name}: ${gainText(interval[0], unit)} to ${gainText(interval[1], unit)}`;
  const one = isOfOneTraining(point);
  const parts = [
    `${scoreName(decision)} at ${sparsityText(point.sparsity)} sparsity: ${scoreText(point.score, unit)}, ${gainText(point.gain, unit)} over dense`,
    range(one ? 'interval' : 'images and trainings', point.interval),
    range('images', point.imageInterval),
    point.seedSpread === null ? '' : `seeds: \u00b1${gainText(point.seedSpread, unit).replace('+', '')}`,
    verdictText[point.verdict] +
      (one && point.verdict === 'sweet-spot' ? ' of this training' : '') +
      controlsNote(point),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** What controls say of a sweet spot, to stand behind its verdict. */
export function controlsNote(point: DecidedPoint): string {
  return point.controls.length === 0 ? '' : `, controls: ${controlsText(point)}`;
}

const verdictText: { readonly [verdict in DecidedPoint['verdict']]: string } = {
  dense: 'the dense model',
  'sweet-spot': 'sweet spot',
  'within-images': 'images too few, or of two minds, to tell',
  'within-seeds': 'not shown for other trainings',
  'not-better': 'not better than dense',
  'no-values': 'no values',
};
