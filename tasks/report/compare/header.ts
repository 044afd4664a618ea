import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import type { Comparison } from './comparison.ts';
import type { ComparedSide } from './study-changes.ts';

/** Which runs these are, and the comparison in a few numbers. */
export function compareHeader(comparison: Comparison): Html {
  const { before, after, changes, scores } = comparison;
  const { same, other } = changes.results;
  const changed = scores.filter(({ overall }) => overall?.isBeyondChance === true).length;
  const title =
    before.study === after.study ? `Two runs of ${after.study}` : `${before.study} and ${after.study}`;
  const unfinished = [before, after].filter((side) => side.unfinished.length > 0);
  return html`<header>
    <p class="brand">sweetspot comparison</p>
    <h1>${title}</h1>
    <dl class="facts">
      ${sideFact('First', before)} ${sideFact('Second', after)}
      <div>
        <dt>Results of the same bytes</dt>
        <dd>${same} of ${same + other}<small>of tasks that both have</small></dd>
      </div>
      <div>
        <dt>Scores that changed</dt>
        <dd>${changed} of ${scores.length}<small>beyond chance, over all sparsities</small></dd>
      </div>
    </dl>
    ${
      unfinished.length === 0
        ? undefined
        : html`<div class="so-far">
            ${unfinished.map(
              (side) =>
                html`<p>
                  <b>${side === before ? 'The first run' : 'The second run'} is not done</b>
                  (${side.unfinished.map(({ name, count }) => `${name} lacks ${count}`).join(', ')}). What it
                  lacks is not compared.
                </p>`,
            )}
          </div>`
    }
    ${comparison.remarks.map((remark) => html`<p class="quiet">${remark}</p>`)}
  </header>`;
}

function sideFact(name: string, side: ComparedSide): Html {
  const lacking = side.unfinished.reduce((sum, { count }) => sum + count, 0);
  const state = lacking === 0 ? side.state : `${side.state}, ${plural(lacking, 'task')} without a result`;
  return html`<div>
    <dt>${name}</dt>
    <dd>
      ${side.study}<small>${side.run}<br />${state}</small>
    </dd>
  </div>`;
}
