import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { gainText, percentFactor, plural, scoreNumber, scoreText, sparsityText } from '../page/numbers.ts';
import { seriesName } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { discoveryRate } from './differences.ts';
import type { JudgedDifference, JudgedScore } from './differences.ts';

const mostRows = 15;

interface Change {
  readonly score: JudgedScore;
  readonly difference: JudgedDifference;
  readonly sparsity: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** Where scores moved most, those beyond chance first. */
export function largestChanges({ scores }: Comparison): Section | undefined {
  const all = scores.flatMap((score) =>
    score.points.flatMap(({ before, after }, i): Change[] => {
      const difference = score.differences[i];
      if (difference === undefined || score.isSame) return [];
      const means = { before: before.summary?.mean, after: after.summary?.mean };
      return [{ score, difference, sparsity: after.sparsity, ...means }];
    }),
  );
  if (all.length === 0) return undefined;
  const beyond = all.filter(({ difference }) => difference.isBeyondChance);
  const size = ({ score, difference }: Change): number =>
    Math.abs(difference.mean) * (percentFactor(score.after.unit) ?? 1);
  const shown = (beyond.length === 0 ? all : beyond).sort((a, b) => size(b) - size(a)).slice(0, mostRows);
  return {
    id: 'largest',
    title: 'The largest changes',
    body: html`<p class="lead">
        ${
          beyond.length === 0
            ? `None of ${plural(all.length, 'difference')} between the runs is beyond chance; these are the largest.`
            : `${beyond.length} of ${plural(all.length, 'difference')} between the runs are beyond chance${beyond.length > shown.length ? `; these are the largest ${shown.length}` : ''}.`
        }
        Of as many comparisons some would look large by luck: of what is called beyond chance, about
        ${Math.round(discoveryRate * 100)} % may be.
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label="The largest changes">
        <table class="figures">
          <thead>
            <tr>
              ${['Score', 'Model', 'Sparsity', 'First', 'Second', 'Difference', '95 % interval', 'p', 'Seeds'].map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map(row)}
          </tbody>
        </table>
      </div>`,
  };
}

function row({ score, difference, sparsity, before, after }: Change): Html {
  const { unit } = score.after;
  const { mean, low, high, p, seeds, isBeyondChance } = difference;
  const text = gainText(mean, unit);
  return html`<tr>
    <th scope="row">${seriesName(score.after)}</th>
    <td class="text">${score.line.label}</td>
    <td>${sparsityText(sparsity)}</td>
    <td>${scoreText(before, unit)}</td>
    <td>${scoreText(after, unit)}</td>
    <td>${isBeyondChance ? html`<b>${text}</b>` : text}</td>
    <td>${scoreNumber(low, unit)} to ${scoreNumber(high, unit)}</td>
    <td>${pText(p)}</td>
    <td>${seeds.length < 2 ? '\u2013' : seeds.map((seed) => gainText(seed, unit)).join(', ')}</td>
  </tr>`;
}

export function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
