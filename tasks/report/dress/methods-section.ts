import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { asBibtex } from '../methods/formats/as-bibtex.ts';
import { asCff } from '../methods/formats/as-cff.ts';
import { asLatex } from '../methods/formats/as-latex.ts';
import { asText, numbers } from '../methods/formats/as-text.ts';
import { referenceText } from '../methods/formats/reference.ts';
import { methodsOf } from '../methods/methods-of.ts';
import type { Methods } from '../methods/methods-of.ts';
import type { Phrase } from '../methods/phrase.ts';
import type { Work } from '../methods/works/work.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import type { Measured } from './measured.ts';

/** What was done, as a paper would tell it, with what it has to cite: readable without script, and in print. */
export function methodsSection(record: StudyRecord, measured: Measured): Html {
  const methods = methodsOf(record, measured);
  const { paragraphs, works } = methods;
  return html`<section id="methods">
    <h2>Methods, to cite</h2>
    <p class="lead">
      What was done, from the study's own record: nothing stands here that was not. To be shortened for a
      paper, with the references that it needs.
    </p>
    <div class="methods-text">
      ${paragraphs.map(
        ({ title, sentences }) =>
          html`<p><b>${title}.</b> ${sentences.map((sentence) => html`${phraseHtml(sentence, works)} `)}</p>`,
      )}
    </div>
    <h3>References</h3>
    <ol class="references">
      ${works.map((work) => html`<li id="ref-${work.key}">${referenceText(work)}</li>`)}
    </ol>
    ${sources(methods)}
  </section>`;
}

function phraseHtml(phrase: Phrase, works: readonly Work[]): Html {
  return html`${phrase.map((piece) => {
    if (typeof piece === 'string') return html`${piece}`;
    if (piece.kind === 'code') return html`<code>${piece.text}</code>`;
    return html`${numbers(piece.works, works)}`;
  })}`;
}

/** For other programs; with script there are buttons that copy and save each. */
function sources(methods: Methods): Html {
  const files = [
    { name: 'methods.txt', title: 'Text', text: asText(methods) },
    { name: 'methods.tex', title: 'LaTeX', text: asLatex(methods) },
    { name: 'references.bib', title: 'BibTeX', text: asBibtex(methods) },
    { name: 'CITATION.cff', title: 'CITATION.cff', text: asCff(methods) },
  ];
  return html`${files.map(
    ({ name, title, text }) =>
      html`<details class="numbers source methods-file" data-file="${name}" data-title="${title}">
        <summary>${title === name ? name : `${title}: ${name}`}</summary>
        <div class="scroll" tabindex="0" role="group" aria-label="${name}"><pre>${text}</pre></div>
      </details>`,
  )}`;
}
