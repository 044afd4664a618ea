import type { Series } from '../../readings/series.ts';
import { swatch } from '../charts/legend.ts';
import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { metricLabel } from '../page/labels.ts';
import { percentFactor, scoreNumber, sparsityNumber } from '../page/numbers.ts';
import { accuracySeries, distinct, lineOf, sameSparsity, sparsitiesOf } from '../study/lookup.ts';
import type { Line, ModelCard, Study } from '../study/study.ts';

/** The members of each model's pool with their sparsity and, where it was measured, their accuracy. */
export function pool(study: Study): Section | undefined {
  if (study.lines.length === 0 || study.series.length === 0) return undefined;
  return {
    id: 'pool',
    title: 'The pool',
    body: html`<p class="lead">Every model that was scored, from dense to sparsest.</p>
      <div class="pools">${study.lines.map((line) => linePool(study, line))}</div>`,
  };
}

function linePool(study: Study, line: Line): Html {
  const own = study.series.filter((one) => lineOf(study, one) === line);
  const accuracy = accuracySeries(study).find((one) => lineOf(study, one) === line);
  const seeds = accuracy === undefined || study.seeds.length < 2 || study.seeds.length > 5 ? [] : study.seeds;
  const card = study.models.find((one) => one.model === line.model);
  const unit = accuracy !== undefined && percentFactor(accuracy.unit) !== undefined ? ', %' : '';
  return html`<section>
    <h3>${swatch(line)} ${line.label}</h3>
    ${card === undefined ? undefined : html`<p class="quiet">${cardText(card)}</p>`}
    <div class="scroll">
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">Member</th>
            <th scope="col">Sparsity, %</th>
            <th scope="col">Weights left, %</th>
            ${accuracy === undefined ? undefined : html`<th scope="col">${metricLabel(accuracy.metric)}${unit}</th>`}
            ${seeds.map((seed) => html`<th scope="col" class="quiet">seed ${seed}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${sparsitiesOf(own).map((sparsity, i) => memberRow({ sparsity, index: i, accuracy, seeds }))}
        </tbody>
      </table>
    </div>
  </section>`;
}

interface MemberRequest {
  readonly sparsity: number;
  readonly index: number;
  readonly accuracy: Series | undefined;
  readonly seeds: readonly string[];
}

function memberRow({ sparsity, index, accuracy, seeds }: MemberRequest): Html {
  const point = accuracy?.points.find((one) => sameSparsity(one.sparsity, sparsity));
  const unit = accuracy?.unit ?? 'fraction';
  return html`<tr>
    <th scope="row">${sparsity === 0 ? 'dense' : String(index)}</th>
    <td>${sparsityNumber(sparsity)}</td>
    <td>${leftText(1 - sparsity)}</td>
    ${accuracy === undefined ? undefined : html`<td><b>${scoreNumber(point?.summary?.mean, unit)}</b></td>`}
    ${seeds.map((seed) => html`<td class="quiet">${scoreNumber(point?.runs.find((run) => run.seed === seed)?.mean, unit)}</td>`)}
  </tr>`;
}

/** Two figures where little is left: 0.3 % and 0.24 % are different models. */
function leftText(left: number): string {
  const percent = left * 100;
  return percent >= 1 ? percent.toFixed(1) : String(Number(percent.toPrecision(2)));
}

function cardText(card: ModelCard): string {
  const facts = Object.entries(card.trained).map(([name, value]) => `${name} ${value}`);
  const input = `${card.inputSize} \u00d7 ${card.inputSize} pixels`;
  return distinct([`${card.classes} classes`, input, ...facts]).join(' \u00b7 ');
}
