import type { Diagnostic } from './diagnostic.ts';
import type { Source, Span } from './source.ts';
import { firstLine, placeOf } from './source.ts';

/** What is reported beyond this is only counted: a hostile file must not fill the screen or the memory. */
const mostKept = 200;
const mostPlaces = 20_000;

export interface Finding {
  readonly code: string;
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly related?: readonly { readonly span: Span; readonly note: string }[];
}

/** Collects what is wrong. The first finding at a place stands: later ones there are mostly its echo. */
export class Findings {
  readonly sources: Map<string, Source> = new Map<string, Source>();
  readonly #kept = new Map<string, Diagnostic>();
  readonly #spans: Span[] = [];

  report(finding: Finding): void {
    const span = firstLine(finding.span);
    if (this.#spans.length < mostPlaces) this.#spans.push(span);
    const place = placeOf(span);
    const key = `${place.file}:${place.line}:${place.column}`;
    if (this.#kept.has(key) || this.#kept.size >= mostKept) return;
    this.#kept.set(key, {
      code: finding.code,
      message: finding.message,
      place,
      length: span.end - span.start,
      ...(finding.hint === undefined ? {} : { hint: finding.hint }),
      ...(finding.related === undefined
        ? {}
        : { related: finding.related.map((r) => ({ place: placeOf(r.span), note: r.note })) }),
    });
  }

  /** Where something was found, echoes included. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** In order of file and place. */
  list(): readonly Diagnostic[] {
    return [...this.#kept.values()].sort(
      (a, b) =>
        compareText(a.place.file, b.place.file) ||
        a.place.line - b.place.line ||
        a.place.column - b.place.column,
    );
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
