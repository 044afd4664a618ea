import type { Located, LocatedEntry, LocatedMap, LocatedScalar } from './located.ts';
import { isRefusedKey } from './located.ts';
import { readPlainScalar, readQuoted } from './plain-scalars.ts';
import type { Source, Span } from './source.ts';
import { largestStudyBytes } from './source.ts';

/** Less than what the full reader bears: no text may pass here that it would refuse. */
const deepestPlain = 32;
const mostPlainNodes = 250_000;
const mostPlainTokens = 600_000;

/**
 * Reads the YAML that studies are mostly written in: mappings, lists and one-line scalars, in block or flow style, with
 * comments. Undefined for any other text, right or wrong: then the full reader has to be asked. Where it answers, values
 * and the places where they start are the same, in a tenth of the time; a property test holds the two against each other.
 */
export function readPlainYaml(source: Source): Located | undefined {
  if (source.text.length > largestStudyBytes || unusualCharacter.test(source.text)) return undefined;
  const reader = new PlainReader(source);
  try {
    return reader.document();
  } catch (error) {
    if (error === unusual) return undefined;
    throw error;
  }
}

/** Tabs, carriage returns, byte-order marks, half surrogate pairs: whatever readers of YAML treat in ways of their own. */
const unusualCharacter = /[^\n\P{Control}]|[\p{Surrogate}\u2028\u2029\ufeff\ufffe\uffff]/u;

/** Thrown to the start where a text is none that is read here; made once: it says nothing of where. */
const unusual: Error = new Error('not plain YAML');

const space = 0x20;
const keyPattern = /[A-Za-z_][A-Za-z0-9_-]{0,99}:(?=[ \n]|$)/y;

class PlainReader {
  readonly #source: Source;
  readonly #text: string;
  #at = 0;
  /** Behind the line of the last value: there end the collections that it ends. */
  #lineEnd = 0;
  #nodes = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
  }

  document(): Located {
    this.#skipLines();
    const root = this.#blockMap(this.#column(), 0);
    if (this.#at < this.#text.length) throw unusual;
    // At most: key, colon, value, comma; and a comment, a line break and an indentation.
    if (4 * this.#nodes + 3 * this.#source.lineStarts.length > mostPlainTokens) throw unusual;
    return root;
  }

  /** A mapping whose keys stand in one column; `#at` is at its first key, and afterwards at the start of another line. */
  #blockMap(column: number, depth: number): LocatedMap {
    this.#count(depth);
    const start = this.#at;
    const entries = new Map<string, LocatedEntry>();
    do {
      const { name, key } = this.#key(entries);
      entries.set(name, { key, value: this.#blockValue(column, depth + 1) });
    } while (this.#isNextLineAt(column));
    return { kind: 'map', entries, span: this.#span(start, this.#lineEnd) };
  }

  /** What follows `key:`, on the same line or below it. */
  #blockValue(column: number, depth: number): Located {
    if (this.#isLineBlank()) {
      this.#skipLines();
      const inner = this.#column();
      if (this.#isDash()) {
        if (inner < column) throw unusual;
        return this.#blockList(inner, depth);
      }
      if (inner <= column) throw unusual;
      return this.#blockMap(inner, depth);
    }
    if (this.#text[this.#at] !== ' ') throw unusual;
    this.#skipSpaces();
    const value = this.#oneLine(column, depth);
    this.#endLine();
    return value;
  }

  #blockList(column: number, depth: number): Located {
    this.#count(depth);
    const start = this.#at;
    const items: Located[] = [];
    do {
      if (!this.#isDash()) throw unusual;
      this.#at++;
      this.#skipSpaces();
      items.push(this.#listItem(column, depth + 1));
    } while (this.#isNextLineAt(column) && this.#isDash());
    return { kind: 'list', items, span: this.#span(start, this.#lineEnd) };
  }

  #listItem(column: number, depth: number): Located {
    keyPattern.lastIndex = this.#at;
    if (keyPattern.test(this.#text)) return this.#blockMap(this.#column(), depth);
    const item = this.#oneLine(column, depth);
    this.#endLine();
    return item;
  }

  /** A flow collection or a scalar. A collection may go on over lines that are indented further than `column`. */
  #oneLine(column: number, depth: number): Located {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#flowMap(column, depth);
      case '[':
        return this.#flowList(column, depth);
      default:
        return this.#scalar(depth, 'block');
    }
  }

  #flowMap(column: number, depth: number): LocatedMap {
    this.#count(depth);
    const start = this.#at++;
    const entries = new Map<string, LocatedEntry>();
    this.#skipFlowSpace(column);
    if (this.#text[this.#at] === '}') return { kind: 'map', entries, span: this.#span(start, ++this.#at) };
    for (;;) {
      const { name, key } = this.#key(entries);
      this.#skipFlowSpace(column);
      entries.set(name, { key, value: this.#flowValue(column, depth + 1) });
      if (this.#flowEnds('}', column)) break;
    }
    return { kind: 'map', entries, span: this.#span(start, this.#at) };
  }

  #flowList(column: number, depth: number): Located {
    this.#count(depth);
    const start = this.#at++;
    const items: Located[] = [];
    this.#skipFlowSpace(column);
    if (this.#text[this.#at] === ']') return { kind: 'list', items, span: this.#span(start, ++this.#at) };
    for (;;) {
      items.push(this.#flowValue(column, depth + 1));
      if (this.#flowEnds(']', column)) break;
    }
    return { kind: 'list', items, span: this.#span(start, this.#at) };
  }

  #flowValue(column: number, depth: number): Located {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#flowMap(column, depth);
      case '[':
        return this.#flowList(column, depth);
      default:
        return this.#scalar(depth, 'flow');
    }
  }

  /** After a value: whether the collection ends with it, or another value comes. */
  #flowEnds(bracket: '}' | ']', column: number): boolean {
    this.#skipFlowSpace(column);
    const mark = this.#text[this.#at++];
    if (mark === bracket) return true;
    if (mark !== ',') throw unusual;
    this.#skipFlowSpace(column);
    return false;
  }

  #scalar(depth: number, style: 'block' | 'flow'): LocatedScalar {
    this.#count(depth);
    const first = this.#text[this.#at];
    const read =
      first === '"' || first === "'"
        ? readQuoted(this.#text, this.#at)
        : readPlainScalar(this.#text, this.#at, style);
    if (read === undefined) throw unusual;
    const span = this.#span(this.#at, read.end);
    this.#at = read.end;
    return { kind: 'scalar', value: read.value, span };
  }

  #key(entries: ReadonlyMap<string, LocatedEntry>): { readonly name: string; readonly key: Span } {
    keyPattern.lastIndex = this.#at;
    if (!keyPattern.test(this.#text)) throw unusual;
    const start = this.#at;
    const end = keyPattern.lastIndex - 1;
    const name = this.#text.slice(start, end);
    if (entries.has(name) || isRefusedKey(name)) throw unusual;
    this.#at = end + 1;
    return { name, key: this.#span(start, end) };
  }

  /** At the start of a line's text: whether it stands in that column. What stands further left ends a collection. */
  #isNextLineAt(column: number): boolean {
    if (this.#at >= this.#text.length) return false;
    const at = this.#column();
    if (at > column) throw unusual;
    return at === column;
  }

  #isDash(): boolean {
    return this.#text[this.#at] === '-' && this.#text[this.#at + 1] === ' ';
  }

  #column(): number {
    return this.#at - (this.#text.lastIndexOf('\n', this.#at - 1) + 1);
  }

  /** Whether nothing but a comment comes on this line. */
  #isLineBlank(): boolean {
    const at = this.#afterSpaces(this.#at);
    const mark = this.#text[at];
    return mark === undefined || mark === '\n' || (mark === '#' && at > this.#at);
  }

  /** To the text of the next line that has any. */
  #endLine(): void {
    if (!this.#isLineBlank()) throw unusual;
    const lineBreak = this.#text.indexOf('\n', this.#at);
    this.#lineEnd = lineBreak === -1 ? this.#text.length : lineBreak + 1;
    this.#skipLines();
  }

  /** Over blanks and comments to the first character of something else. */
  #skipLines(): void {
    for (;;) {
      this.#skipSpaces();
      if (this.#text[this.#at] === '#') {
        const lineBreak = this.#text.indexOf('\n', this.#at);
        this.#at = lineBreak === -1 ? this.#text.length : lineBreak;
      }
      if (this.#text[this.#at] !== '\n') return;
      this.#at++;
    }
  }

  #skipSpaces(): void {
    this.#at = this.#afterSpaces(this.#at);
  }

  #afterSpaces(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === space) at++;
    return at;
  }

  /** Spaces and line breaks inside a flow collection; comments there are left to the full reader. */
  #skipFlowSpace(column: number): void {
    for (;;) {
      this.#skipSpaces();
      if (this.#text[this.#at] !== '\n') return;
      this.#at++;
      this.#skipSpaces();
      if (this.#text[this.#at] !== '\n' && this.#column() <= column) throw unusual;
    }
  }

  #count(depth: number): void {
    this.#nodes++;
    if (depth > deepestPlain || this.#nodes > mostPlainNodes) throw unusual;
  }

  #span(start: number, end: number): Span {
    return { source: this.#source, start, end };
  }
}
