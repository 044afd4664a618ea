import type { LocatedScalar } from './located.ts';
import type { Span } from './source.ts';

/** An expression inside a YAML string, with its place in the decoded text. */
export interface EmbeddedExpression {
  readonly text: string;
  /** Offset of `text` in the scalar's value. */
  readonly offset: number;
}

export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: EmbeddedExpression }
  | { readonly kind: 'unclosed'; readonly offset: number };

export function mayHoldExpression(value: unknown): value is string {
  return typeof value === 'string' && value.includes('${{');
}

/** Splits `lr-${{ params.lr }}` into its pieces. Quotes and braces inside an expression are respected. */
export function splitText(value: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  while (at < value.length) {
    const open = value.indexOf('${{', at);
    if (open === -1) break;
    if (open > at) pieces.push({ kind: 'text', text: value.slice(at, open) });
    const close = closingBraces(value, open + 3);
    if (close === -1) return [...pieces, { kind: 'unclosed', offset: open }];
    const raw = value.slice(open + 3, close);
    const text = raw.trim();
    const offset = open + 3 + (raw.length - raw.trimStart().length);
    pieces.push({ kind: 'expression', expression: { text, offset } });
    at = close + 2;
  }
  if (at < value.length) pieces.push({ kind: 'text', text: value.slice(at) });
  return pieces;
}

function closingBraces(value: string, from: number): number {
  let depth = 0;
  for (let at = from; at < value.length; at++) {
    const character = value[at];
    if (character === '"' || character === "'") {
      at++;
      while (at < value.length && value[at] !== character) at += value[at] === '\\' ? 2 : 1;
    } else if (character === '{') depth++;
    else if (character === '}') {
      if (depth > 0) depth--;
      else return value[at + 1] === '}' ? at : -1;
    }
  }
  return -1;
}

/** Where a part of a scalar's value stands in the file. Falls back to the whole scalar where escapes or folding moved the text. */
export function spanWithin(scalar: LocatedScalar, start: number, end: number): Span {
  const { span, value } = scalar;
  if (typeof value !== 'string') return span;
  const raw = span.source.text.slice(span.start, span.end);
  const quoted = raw.startsWith('"') || raw.startsWith("'") ? 1 : 0;
  const part = value.slice(start, end);
  const direct = quoted + start;
  const at = raw.startsWith(part, direct) ? direct : raw.indexOf(part);
  if (part === '' || at === -1) {
    const place = Math.min(span.start + direct, span.end - 1);
    return raw.startsWith(value, quoted) ? { source: span.source, start: place, end: place + 1 } : span;
  }
  return { source: span.source, start: span.start + at, end: span.start + at + part.length };
}
