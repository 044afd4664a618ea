import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { Line, Study } from '../study/study.ts';
import { lineColour, lineDash, lineSymbol, steps } from './palette.ts';
import type { ChartSymbol } from './palette.ts';

/** Says which colour and shape is which model, and what band, rings, dots and (where there is one) the dashed level mean. */
export function legend(study: Study, lines: readonly Line[], reference?: string): Html {
  return html`<ul class="legend">
    ${lines.map((line) => html`<li>${swatch(line)} ${line.label}</li>`)}
    ${study.seeds.length > 1 ? html`<li>${bandKey} lowest to highest of ${study.seeds.length} seeds</li>` : undefined}
    <li>${ringKey} sweet spot</li>
    ${study.controls.length > 0 ? html`<li>${brokenRingKey} one that fails a control</li>` : undefined}
    <li>${denseKey} dense model</li>
    ${reference === undefined ? undefined : html`<li>${referenceKey} ${reference}</li>`}
  </ul>`;
}

/** What the first picture is made of; its models have their names above. */
export function pictureLegend(study: Study): Html {
  return html`<ul class="legend">
    <li>${meanKey} mean of scores</li>
    <li>${singleKey} single score</li>
    <li>${ringKey} sweet spot</li>
    ${study.controls.length > 0 ? html`<li>${brokenRingKey} † fails a control</li>` : undefined}
    ${study.seeds.length > 1 ? html`<li>${bandKey} range of seeds</li>` : undefined}
    <li>
      ${study.seeds.length > 1 ? html`${barsKey} ${overImages} (thick), trainings (thin)` : html`${barKey} ${overImages}`}
    </li>
    <li>${zeroKey} dense model</li>
  </ul>`;
}

const overImages = '95\u202f% over images';

/** A short piece of a line with its symbol. */
export function swatch(line: Line): Html {
  const colour = lineColour(line.index);
  return html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
    <path
      d="M1 6H25"
      stroke="${colour}"
      stroke-width="1.75"
      ${dashes(lineDash(line.index).strokeDasharray)}
    />
    <path d="${shape[lineSymbol(line.index)]}" transform="translate(13 6)" fill="${colour}" />
  </svg>`;
}

/** Says which line is which sparsity, from dense to sparsest. */
export function stepLegend(names: readonly string[], withPeople: boolean): Html {
  return html`<ul class="legend">
    ${names.map((name, step) => html`<li>${stepKey(step)} ${name}</li>`)}
    ${withPeople ? html`<li>${peopleKey} people</li>` : undefined}
  </ul>`;
}

function stepKey(step: number): Html {
  const { symbol, dash } = steps[step]!;
  return html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
    <path d="M1 6H25" stroke="var(--step-${step})" stroke-width="1.6" ${dashes(dash)} />
    <path d="${shape[symbol]}" transform="translate(13 6)" fill="var(--step-${step})" />
  </svg>`;
}

function dashes(dash: string | undefined): Html | undefined {
  return dash === undefined ? undefined : html`stroke-dasharray="${dash}"`;
}

const peopleKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="var(--quiet)" stroke-width="1.5" stroke-dasharray="6 3" />
  <rect x="10" y="3" width="6" height="6" fill="var(--paper)" stroke="var(--quiet)" stroke-width="1.5" />
</svg>`;

const bandKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 1H25V11H1z" fill="currentColor" opacity=".16" />
  <path d="M1 6H25" stroke="currentColor" stroke-width="1.5" />
</svg>`;
const meanKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="currentColor" stroke-width="2.4" />
  <circle cx="13" cy="6" r="2.6" fill="currentColor" />
</svg>`;
const singleKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="currentColor" stroke-width=".8" opacity=".5" />
</svg>`;
const barKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M13 0V12" stroke="currentColor" stroke-width="3" opacity=".6" />
</svg>`;
const barsKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M13 0V12" stroke="currentColor" stroke-width="1.1" opacity=".6" />
  <path d="M13 3V9" stroke="currentColor" stroke-width="3" opacity=".6" />
</svg>`;
const zeroKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="currentColor" stroke-width="1.1" />
</svg>`;
const ringKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <circle cx="13" cy="6" r="4.75" fill="none" stroke="currentColor" stroke-width="1.5" />
  <circle cx="13" cy="6" r="2" fill="currentColor" />
</svg>`;
const brokenRingKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <circle
    cx="13"
    cy="6"
    r="4.75"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-dasharray="2 2"
  />
  <circle cx="13" cy="6" r="2" fill="currentColor" />
</svg>`;
const denseKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="currentColor" stroke-width="1.5" stroke-dasharray="1 4" stroke-linecap="round" />
</svg>`;
const referenceKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="var(--quiet)" stroke-width="1" stroke-dasharray="6 3" />
</svg>`;

/** Outlines of the chart symbols at the legend's size. */
const shape: { readonly [name in ChartSymbol]: string } = {
  circle: 'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z',
  square: 'M-2.7 -2.7H2.7V2.7H-2.7z',
  triangle: 'M0 -3.6L3.3 2.3H-3.3z',
  diamond: 'M0 -4L2.5 0L0 4L-2.5 0z',
  star: 'M0 -4.2L1 -1.3L4 -1.3L1.6 .5L2.5 3.4L0 1.6L-2.5 3.4L-1.6 .5L-4 -1.3L-1 -1.3z',
  wye: 'M-1 -.6L-3.4 -2L-2.4 -3.7L0 -2.3L2.4 -3.7L3.4 -2L1 -.6V3.6H-1z',
  cross: 'M-1 -3.4H1V-1H3.4V1H1V3.4H-1V1H-3.4V-1H-1z',
  times: 'M-3 -2L-2 -3L0 -1L2 -3L3 -2L1 0L3 2L2 3L0 1L-2 3L-3 2L-1 0z',
};
