import type { Draw } from '../charts/draw.ts';
import { scoreRows } from '../data/score-rows.ts';
import type { Section } from '../figures/figure.ts';
import { html } from '../page/html.ts';
import { decisionFor } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import { answers } from './answers.ts';
import { picture } from './picture.ts';

/** The answer first: a sentence a model, and one picture of all scores against sparsity. */
export function glance(study: Study, draw: Draw): Section | undefined {
  if (study.decisions.length === 0) return undefined;
  return {
    id: 'glance',
    title: 'At a glance',
    data: scoreRows(
      study,
      study.series.filter((one) => decisionFor(study, one) !== undefined),
    ),
    body: html`${answers(study)} ${picture(study, draw)}`,
  };
}
