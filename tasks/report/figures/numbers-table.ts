import type { Series } from '../../readings/series.ts';
import { failsControl } from '../../sweet-spots/decision.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { percentFactor, scoreNumber, sparsityText } from '../page/numbers.ts';
import { decidedPoints, decisionFor, lineOf, sameSparsity, sparsitiesOf } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';

export interface NumbersRequest {
  readonly study: Study;
  readonly series: readonly Series[];
  /** Heading of a series' column. */
  readonly head: (series: Series) => string;
}

/** The figures behind a chart: one folded table a model, means over seeds, sweet spots marked. */
export function numbersTable({ study, series, head }: NumbersRequest): Html {
  const lines = study.lines.filter((line) => series.some((one) => lineOf(study, one) === line));
  return html`<details class="numbers">
    <summary>Numbers</summary>
    ${lines.map((line) =>
      lineTable({ study, series: series.filter((one) => lineOf(study, one) === line), head }, line),
    )}
  </details>`;
}

function lineTable({ study, series, head }: NumbersRequest, line: Line): Html {
  const inPercent = series.every((one) => percentFactor(one.unit) !== undefined);
  return html`<div class="scroll">
    <table class="figures">
      <caption>
        ${line.label}: means over seeds${inPercent ? ' in per cent' : ''};
        <b>sweet spots</b>
        are set in bold${study.controls.length === 0 ? '' : ', with \u2020 where one fails a control'}; in
        brackets the interval over images
      </caption>
      <thead>
        <tr>
          <th scope="col">Sparsity</th>
          ${series.map((one) => html`<th scope="col">${head(one)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${sparsitiesOf(series).map(
          (sparsity) =>
            html`<tr>
              <th scope="row">${sparsityText(sparsity)}</th>
              ${series.map((one) => cell(study, one, sparsity))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(study: Study, series: Series, sparsity: number): Html {
  const point = series.points.find((one) => sameSparsity(one.sparsity, sparsity));
  const interval = point && study.intervalOf(point);
  const text = scoreNumber(point?.summary?.mean, series.unit);
  const over =
    interval === undefined
      ? undefined
      : html` <small class="quiet"
          >[${scoreNumber(interval.low, series.unit)}, ${scoreNumber(interval.high, series.unit)}]</small
        >`;
  const judged = decidedPoints(decisionFor(study, series)).find((one) =>
    sameSparsity(one.sparsity, sparsity),
  );
  if (judged?.verdict !== 'sweet-spot') return html`<td>${text}${over}</td>`;
  return html`<td><b>${text}</b>${failsControl(judged) ? '\u2020' : ''}${over}</td>`;
}
