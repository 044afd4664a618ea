import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural, sparsityText } from '../page/numbers.ts';
import { seriesName } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import type { SweetChange } from './sweet-changes.ts';

/** Which sweet spots appeared, vanished and stayed, score by score. */
export function sweetTable({ sweet }: Comparison): Section | undefined {
  const { changes, appeared, vanished, kept, byRule, rulesDiffer } = sweet;
  if (appeared + vanished + kept === 0) return undefined;
  const changed = changes.filter((change) => change.appeared.length + change.vanished.length > 0);
  const lead = `${kept + vanished} in the first run, ${kept + appeared} in the second: ${appeared} appeared, ${vanished} vanished, ${kept} are in both.`;
  const rule = rulesDiffer
    ? ` The runs decide by different rules: were the first judged by the rule of the second, ${byRule} of ${plural(appeared + vanished, 'change')} would not be there.`
    : ' Both decide by the same rule.';
  return {
    id: 'sweet-spots',
    title: 'Sweet spots',
    body: html`<p class="lead">
        ${lead}${rule} A sweet spot that comes or goes is no proof of a change: a gain just above chance in
        one run may be just within it in the other.
      </p>
      ${
        changed.length === 0
          ? undefined
          : html`<div class="scroll" tabindex="0" role="group" aria-label="Sweet spots that changed">
              <table class="figures words">
                <thead>
                  <tr>
                    ${['Score', 'Model', 'Appeared at', 'Vanished at', 'In both at'].map((name) => html`<th scope="col">${name}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${changed.map(row)}
                </tbody>
              </table>
            </div>`
      }`,
  };
}

function row({ pair, appeared, vanished, kept }: SweetChange): Html {
  const places = (sparsities: readonly number[]): string =>
    sparsities.map(sparsityText).join(', ') || '\u2013';
  return html`<tr>
    <th scope="row">${seriesName(pair.after)}</th>
    <td class="text">${pair.line.label}</td>
    <td class="text">${places(appeared)}</td>
    <td class="text">${places(vanished)}</td>
    <td class="text">${places(kept)}</td>
  </tr>`;
}
