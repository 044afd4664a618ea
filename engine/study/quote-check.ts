import { CST, Lexer } from 'yaml';

/** Range of offsets in a text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Expressions that YAML would tear apart: in flow style, `${{` outside quotes is a `$` and two opening braces. Each is
 * reported once, in place of the cascade of syntax errors that follows from it.
 */
export function unquotedExpressions(text: string): readonly TextRange[] {
  if (!text.includes('${{')) return [];
  const found: TextRange[] = [];
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    const type = token.length === 1 ? CST.tokenType(token) : undefined;
    // Marks that the lexer inserts; they stand for no characters of the text.
    if (type === 'doc-mode' || type === 'scalar' || type === 'flow-error-end') continue;
    const end = offset + token.length;
    for (let at = text.indexOf('${{', offset); at !== -1 && at < end; at = text.indexOf('${{', at + 3)) {
      if (at + 3 > end) found.push({ start: at, end: expressionEnd(text, at) });
    }
    offset = end;
  }
  return found;
}

/** Where the expression that starts at `at` ends: after its `}}`, or at the end of the line. */
function expressionEnd(text: string, at: number): number {
  const lineBreak = text.indexOf('\n', at);
  const lineEnd = lineBreak === -1 ? text.length : lineBreak;
  const close = text.indexOf('}}', at);
  return close === -1 || close > lineEnd ? lineEnd : close + 2;
}
