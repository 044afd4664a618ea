import type { Place } from '../plan/plan.ts';

/** Larger studies are refused before they are read: a study is written by a person. */
export const largestStudyBytes: number = 2 * 1024 * 1024;

/** A file's text, with what is needed to turn offsets into lines and columns. */
export interface Source {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  /** Offset of each line's first character. */
  readonly lineStarts: readonly number[];
}

/** A range of a source, by offsets in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export function createSource(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** Line and column (from 1) of an offset. */
export function placeAt(source: Source, offset: number): Place {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: offset - (source.lineStarts[low] ?? 0) + 1 };
}

export function placeOf(span: Span): Place {
  return placeAt(span.source, span.start);
}

/** A span cut to its first line, so that a caret can underline it. */
export function firstLine(span: Span): Span {
  const lineBreak = span.source.text.indexOf('\n', span.start);
  const end = lineBreak === -1 ? span.end : Math.min(span.end, lineBreak);
  return { source: span.source, start: span.start, end: Math.max(end, span.start + 1) };
}
