import { countText } from '../page/numbers.ts';
import type { Work } from './works/work.ts';

/** Text with citations, before it is known how it will be written. */
export type Phrase = readonly Piece[];

type Piece = string | Cite | Code;

/** Stands right behind a word, without a space. */
interface Cite {
  readonly kind: 'cite';
  readonly works: readonly Work[];
}

interface Code {
  readonly kind: 'code';
  readonly text: string;
}

/** Builds a phrase: counts are written as counts, lists of pieces joined, undefined is nothing. */
export function say(
  literals: TemplateStringsArray,
  ...parts: readonly (Piece | Phrase | number | undefined)[]
): Phrase {
  return literals.flatMap((literal, i) => [...inserted(i === 0 ? undefined : parts[i - 1]), literal]);
}

function inserted(part: Piece | Phrase | number | undefined): Phrase {
  if (part === undefined) return [];
  if (typeof part === 'number') return [countText(part)];
  return typeof part === 'string' || 'kind' in part ? [part] : part;
}

export function cite(...works: readonly Work[]): Piece {
  return { kind: 'cite', works };
}

/** As a program names it. */
export function code(text: string): Piece {
  return { kind: 'code', text };
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly (string | Phrase)[]): Phrase {
  return items.flatMap((item, i) => {
    const joint = i === 0 ? '' : i === items.length - 1 ? ' and ' : ', ';
    return [joint, ...(typeof item === 'string' ? [item] : item)];
  });
}

export function worksIn(phrase: Phrase): readonly Work[] {
  return phrase.flatMap((piece) => (typeof piece !== 'string' && piece.kind === 'cite' ? piece.works : []));
}
