import type { Section } from '../figures/figure.ts';
import { aspects } from '../figures/sweet-spots.ts';
import { html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import { aspectOf } from '../study/lookup.ts';
import type { Comparison } from './comparison.ts';

/** Questions all of whose scores are the same to the last digit: there is nothing to draw. */
export function sameScores({ scores, onlyBefore, onlyAfter }: Comparison): Section | undefined {
  const lone = [...onlyBefore, ...onlyAfter];
  const same = [...aspects, { aspect: undefined, title: 'Other scores' }].flatMap(({ aspect, title }) => {
    const own = scores.filter(({ after }) => aspectOf(after) === aspect);
    const isWhole = own.every(({ isSame }) => isSame) && !lone.some((one) => aspectOf(one) === aspect);
    return own.length > 0 && isWhole ? [{ title, count: own.length }] : [];
  });
  if (same.length === 0) return undefined;
  return {
    id: 'same',
    title: 'The same scores',
    body: html`<p class="lead">
      Every value of every image is the same in both runs:
      ${same.map(({ title, count }) => `${title.toLowerCase()} (${plural(count, 'score')})`).join(', ')}.
    </p>`,
  };
}
