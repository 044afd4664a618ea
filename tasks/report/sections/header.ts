import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { Study } from '../study/study.ts';
import { facts, question } from './question.ts';
import { soFar } from './so-far.ts';

/** Title, what is asked, and the study in a few numbers. */
export function header(study: Study): Html {
  const asked = study.description === '' ? question(study) : study.description;
  return html`<header>
    <p class="brand">sweetspot report</p>
    <h1>${study.title}</h1>
    ${asked === undefined ? undefined : html`<p class="description">${asked}</p>`}
    <ul class="facts">
      ${facts(study).map((fact) => html`<li>${fact}</li>`)}
    </ul>
    ${soFar(study)}
  </header>`;
}
