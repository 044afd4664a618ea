import type { Methods } from '../methods-of.ts';
import type { Phrase } from '../phrase.ts';
import type { Work } from '../works/work.ts';
import { referenceText } from './reference.ts';

/** Plain text: a paragraph a subject, numbered references below. */
export function asText({ paragraphs, works }: Methods): string {
  const told = paragraphs.map(
    ({ title, sentences }) => `${title}. ${sentences.map((one) => phraseText(one, works)).join(' ')}`,
  );
  return `${told.join('\n\n')}\n\nReferences\n\n${referenceLines(works).join('\n')}\n`;
}

/** The same for a Markdown file. */
export function asMarkdown({ study, paragraphs, works }: Methods): string {
  const told = paragraphs.map(({ title, sentences }) => {
    const text = sentences.map((one) => phraseMarkdown(one, works)).join(' ');
    return `**${title}.** ${text}`;
  });
  const references = referenceLines(works).map((line) => `${escapeMarkdown(line)}  `);
  return `# Methods of ${escapeMarkdown(study)}\n\n${told.join('\n\n')}\n\n## References\n\n${references.join('\n')}\n`;
}

/** With citations as numbers: `[3, 4]`. */
export function phraseText(phrase: Phrase, works: readonly Work[]): string {
  return phrase
    .map((piece) =>
      typeof piece === 'string' ? piece : piece.kind === 'code' ? piece.text : numbers(piece.works, works),
    )
    .join('');
}

/** ` [3, 4]`, by the places in a list of references. */
export function numbers(cited: readonly Work[], works: readonly Work[]): string {
  const places = cited.map(({ key }) => works.findIndex((work) => work.key === key) + 1);
  return ` [${places.toSorted((a, b) => a - b).join(', ')}]`;
}

function referenceLines(works: readonly Work[]): readonly string[] {
  return works.map((work, i) => `[${i + 1}] ${referenceText(work)}`);
}

function phraseMarkdown(phrase: Phrase, works: readonly Work[]): string {
  return phrase
    .map((piece) => {
      if (typeof piece === 'string') return escapeMarkdown(piece);
      return piece.kind === 'code' ? codeSpan(piece.text) : escapeMarkdown(numbers(piece.works, works));
    })
    .join('');
}

/** Between more backticks than stand in it together. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, (character) => `\\${character}`);
}
