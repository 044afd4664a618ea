import type { Methods } from '../methods-of.ts';
import type { Phrase } from '../phrase.ts';
import { escapeLatex } from './escape-latex.ts';

/** A paragraph a subject, with `\cite` of the keys that `asBibtex` gives; to be put into a document. */
export function asLatex({ paragraphs }: Methods): string {
  return paragraphs
    .map(
      ({ title, sentences }) =>
        `\\paragraph{${escapeLatex(title)}.}\n${sentences.map(phraseLatex).join('\n')}\n`,
    )
    .join('\n');
}

function phraseLatex(phrase: Phrase): string {
  return phrase
    .map((piece) => {
      if (typeof piece === 'string') return escapeLatex(piece);
      if (piece.kind === 'code') return `\\texttt{${escapeLatex(piece.text)}}`;
      return `~\\cite{${piece.works.map(({ key }) => key).join(',')}}`;
    })
    .join('');
}
