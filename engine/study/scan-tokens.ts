import { CST, Lexer } from 'yaml';

/** More indentation than that is not a study. */
const widestIndent = 1000;

export const mostTokens = 600_000;

/** What may nest, or pile up, within one line. */
const nesting: ReadonlySet<string> = new Set([
  'seq-item-ind',
  'explicit-key-ind',
  'map-value-ind',
  'anchor',
  'tag',
]);

/** Range of offsets in a text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What makes a text unfit for parsing, found in one pass over its tokens. */
export interface Scan {
  /**
   * Expressions that YAML would tear apart: in flow style, `${{` outside quotes is a `$` and two opening braces. Each is
   * named once, in place of the cascade of syntax errors that follows from it.
   */
  readonly unquoted: readonly TextRange[];
  /** Where the nesting gets deeper than `deepest`. The parser recurses, and builds patterns as long as the indentation. */
  readonly tooDeep: TextRange | undefined;
  /** Where there are more words and marks than a study has; the parser takes about a kilobyte for each. */
  readonly tooMany: TextRange | undefined;
}

export function scanTokens(text: string, deepest: number): Scan {
  const unquoted: TextRange[] = [];
  let offset = 0;
  let flow = 0;
  let indicators = 0;
  let tokens = 0;
  /** Indentations of the blocks around the line at hand. */
  const indents: number[] = [];
  let lineStarts = true;
  /** The next one in the text. */
  let expression = text.indexOf('${{');
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    // Marks that the lexer inserts; they stand for no characters of the text.
    if (token.length === 1 && (type === 'doc-mode' || type === 'scalar' || type === 'flow-error-end'))
      continue;
    const end = offset + token.length;
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow++;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') flow = Math.max(0, flow - 1);
    else if (type === 'newline') indicators = 0;
    // A flow collection may hold any number of keys on one line.
    else if (flow === 0 && type !== null && nesting.has(type)) indicators++;
    if (lineStarts && flow === 0 && type !== 'newline') indent(indents, type === 'space' ? token.length : 0);
    lineStarts = type === 'newline';
    const wide =
      (type === 'space' || type === 'scalar') &&
      token.length > widestIndent &&
      flow === 0 &&
      /^ +$/.test(token);
    if (flow > deepest || indicators > deepest || indents.length > deepest || wide) {
      return { unquoted, tooDeep: { start: offset, end }, tooMany: undefined };
    }
    if (type !== 'space' && ++tokens > mostTokens) {
      return { unquoted, tooDeep: undefined, tooMany: { start: offset, end } };
    }
    for (; expression !== -1 && expression < end; expression = text.indexOf('${{', expression + 3)) {
      if (expression + 3 > end) unquoted.push({ start: expression, end: expressionEnd(text, expression) });
    }
    offset = end;
  }
  return { unquoted, tooDeep: undefined, tooMany: undefined };
}

/** A line leaves the blocks that are indented as far or further, and may begin one of its own. */
function indent(indents: number[], columns: number): void {
  while (indents.length > 0 && indents[indents.length - 1]! >= columns) indents.pop();
  indents.push(columns);
}

/** Where the expression that starts at `at` ends: after its `}}`, or at the end of the line. */
function expressionEnd(text: string, at: number): number {
  const lineBreak = text.indexOf('\n', at);
  const lineEnd = lineBreak === -1 ? text.length : lineBreak;
  const close = text.indexOf('}}', at);
  return close === -1 || close > lineEnd ? lineEnd : close + 2;
}
