type Path = readonly (string | number)[];

const token =
  /\s*(?:([{}[\],:])|("(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.]))/y;

/** The deepest nesting that is followed. */
const deepest = 500;

/**
 * The line, from 1, where the value at `path` begins in a JSON text (`['annotations', 17]`), or where the text stops
 * being JSON before it. For messages: a parser that keeps no places has met a fault, and this looks for it again.
 */
export function jsonLine(text: string, path: Path): number {
  return text.slice(0, new Walk(text).find(path)).split(/\r\n|\n|\r/).length;
}

/** Where the walk ended early: at the value that was looked for, or at a fault. */
class Stop extends Error {}

class Walk {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Offset of the value, or of the first thing that is out of place. */
  find(path: Path): number {
    try {
      this.#value(path, 0);
      this.#skipSpace();
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop;
    }
    return this.#at;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  /** A punctuation mark, a string with its quotes, or '' for any other value. */
  #next(): string {
    this.#skipSpace();
    token.lastIndex = this.#at;
    const found = token.exec(this.#text);
    if (found === null) throw new Stop();
    this.#at = token.lastIndex;
    return found[1] ?? found[2] ?? '';
  }

  /** Reads a mark that may only be one of `allowed`; else the walk ends before it. */
  #mark(...allowed: readonly string[]): string {
    this.#skipSpace();
    const before = this.#at;
    const mark = this.#next();
    if (allowed.includes(mark)) return mark;
    this.#at = before;
    throw new Stop();
  }

  #peek(): string {
    this.#skipSpace();
    return this.#text.charAt(this.#at);
  }

  /** `path` leads from this value to the one looked for; undefined where it lies elsewhere. */
  #value(path: Path | undefined, depth: number): void {
    const first = this.#peek();
    if (path?.length === 0 || depth > deepest) throw new Stop();
    const [step, ...rest] = path ?? [];
    if (first === '{' || first === '[') {
      this.#next();
      const close = first === '{' ? '}' : ']';
      if (this.#peek() === close) {
        this.#next();
        return;
      }
      let place = 0;
      do {
        const key = first === '{' ? this.#key() : place;
        this.#value(path !== undefined && key === step ? rest : undefined, depth + 1);
        place += 1;
      } while (this.#mark(',', close) === ',');
      return;
    }
    if (['}', ']', ',', ':'].includes(first)) throw new Stop();
    this.#next();
  }

  #key(): string {
    if (this.#peek() !== '"') throw new Stop();
    const key = this.#next();
    this.#mark(':');
    return JSON.parse(key) as string;
  }
}
