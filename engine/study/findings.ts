import type { Diagnostic } from './diagnostic.ts';
import type { Source, Span } from './source.ts';
import { firstLine, placeOf } from './source.ts';

/** What is reported beyond this is only counted: a hostile file must not fill the screen or the memory. */
const mostKept = 200;
const mostAtOnePlace = 3;
const mostPlaces = 20_000;
/** Messages quote what the file says, and that may be a word of a million letters. */
const longestMessage = 600;

export interface Finding {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly related?: readonly { readonly span: Span; readonly note: string }[];
}

/**
 * Collects what is wrong. The first finding at a place stands: later ones of another code are its echo, and those of
 * the same code (other instances, other values) are kept up to a few.
 */
export class Findings {
  readonly sources: Map<string, Source> = new Map<string, Source>();
  readonly #kept = new Map<string, Diagnostic[]>();
  #size = 0;
  readonly #spans: Span[] = [];

  report(finding: Finding): void {
    const span = firstLine(finding.span);
    if (this.#spans.length < mostPlaces) this.#spans.push(span);
    const place = placeOf(span);
    const message = shortened(finding.message);
    const key = `${place.file}:${place.line}:${place.column}`;
    const there = this.#kept.get(key) ?? [];
    if (this.#size >= mostKept || there.length >= mostAtOnePlace) return;
    if (there.some((one) => one.code !== finding.code || one.message === message)) return;
    this.#kept.set(key, there);
    this.#size++;
    there.push({
      code: finding.code,
      message,
      place,
      length: span.end - span.start,
      ...(finding.hint === undefined ? {} : { hint: shortened(finding.hint) }),
      ...(finding.related === undefined
        ? {}
        : { related: finding.related.map((r) => ({ place: placeOf(r.span), note: shortened(r.note) })) }),
    });
  }

  /** Where something was found, echoes included. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** In order of file and place. */
  list(): readonly Diagnostic[] {
    return [...this.#kept.values()]
      .flat()
      .sort(
        (a, b) =>
          compareText(a.place.file, b.place.file) ||
          a.place.line - b.place.line ||
          a.place.column - b.place.column,
      );
  }
}

function shortened(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)} …` : text;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
