import { colourOf } from '../../previews/colour-map.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';

const steps = 40;

/** What the colours of a map mean. */
export const heatScale: Html = html`<div class="scale heat-scale">
  <span>no relevance</span>
  <svg viewBox="0 0 ${steps} 4" preserveAspectRatio="none" aria-hidden="true">
    ${Array.from({ length: steps }, (_, i) => {
      const [red, green, blue] = colourOf(i / (steps - 1)).map(Math.round);
      // Each overlaps the next: no seams in print.
      return html`<rect
        x="${i}"
        width="${steps - i}"
        height="4"
        fill="rgb(${red ?? 0} ${green ?? 0} ${blue ?? 0})"
      />`;
    })}
  </svg>
  <span>the most of each map</span>
</div>`;
