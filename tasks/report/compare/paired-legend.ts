import { swatch } from '../charts/legend.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { PairedLine } from './pair-scores.ts';

/** Which run is drawn how, and which colour is which model. */
export function pairedLegend(lines: readonly PairedLine[]): Html {
  return html`<ul class="legend">
    <li>${firstKey} first run</li>
    <li>${secondKey} second run</li>
    ${lines.length < 2 ? undefined : lines.map((line) => html`<li>${swatch({ ...line, key: '', model: '', variant: '' })} ${line.label}</li>`)}
    <li>${ringKey} sweet spot</li>
    <li>${fullKey} difference beyond chance</li>
    <li>${hollowKey} within chance</li>
  </ul>`;
}

const firstKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="currentColor" stroke-width="1.4" stroke-dasharray="4 3" />
  <circle cx="13" cy="6" r="2.8" fill="var(--paper)" stroke="currentColor" stroke-width="1.3" />
</svg>`;
const secondKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M1 6H25" stroke="currentColor" stroke-width="1.9" />
  <circle cx="13" cy="6" r="2.8" fill="currentColor" />
</svg>`;
const ringKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <circle cx="13" cy="6" r="5.2" fill="none" stroke="currentColor" stroke-width="1.25" />
</svg>`;
const fullKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M13 0V12" stroke="currentColor" stroke-width="2" />
  <circle cx="13" cy="6" r="3.2" fill="currentColor" />
</svg>`;
const hollowKey = html`<svg class="key" viewBox="0 0 26 12" aria-hidden="true">
  <path d="M13 0V12" stroke="var(--quiet)" />
  <circle cx="13" cy="6" r="3.2" fill="var(--paper)" stroke="var(--quiet)" stroke-width="1.2" />
</svg>`;
