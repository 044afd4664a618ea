import { textWidth } from '../text-width.ts';

/** What the region needs of a terminal. */
export interface Terminal {
  readonly columns: number;
  write(text: string): void;
}

const clearToEnd = '\x1b[J';
const clearLine = '\x1b[2K';
/** Terminals that know it show what lies between as one; all others pass over it. */
const beginFrame = '\x1b[?2026h';
const endFrame = '\x1b[?2026l';

/**
 * Some lines at the foot of a terminal that are painted over in place. Only lines that changed are written, each repaint
 * in one piece. Between repaints the cursor stands at the start of the line below, visible: whatever else is written,
 * or a sudden end, finds the terminal as it should be.
 */
export class LiveRegion {
  readonly #terminal: Terminal;
  /** Whether the terminal breaks lines anew when it is made narrower. */
  readonly #reflows: boolean;
  #lines: readonly string[] = [];
  #columns = 0;

  constructor(terminal: Terminal, options: { readonly reflows: boolean }) {
    this.#terminal = terminal;
    this.#reflows = options.reflows;
  }

  /** Shows `lines`, none wider than the terminal; `above` goes into the history before them, for good. */
  paint(lines: readonly string[], above: readonly string[] = []): void {
    const resized = this.#columns !== this.#terminal.columns;
    const fresh = above.length > 0 || resized;
    if (!fresh && sameLines(lines, this.#lines)) return;
    const frame = fresh ? this.#afresh(lines, above) : this.#changed(lines);
    this.#terminal.write(`${beginFrame}${frame}${endFrame}`);
    this.#lines = lines;
    this.#columns = this.#terminal.columns;
  }

  /** Takes the lines away; `above` stays in their place. */
  clear(above: readonly string[] = []): void {
    if (this.#lines.length === 0 && above.length === 0) return;
    this.#terminal.write(this.#afresh([], above));
    this.#lines = [];
  }

  /** Whatever is on the screen is somebody else's now (after a stop and `fg`): the next paint begins where the cursor is. */
  forget(): void {
    this.#lines = [];
  }

  #afresh(lines: readonly string[], above: readonly string[]): string {
    return `${up(this.#rowsTaken())}\r${clearToEnd}${[...above, ...lines].map((line) => `${line}\n`).join('')}`;
  }

  #changed(lines: readonly string[]): string {
    const written = lines.map((line, i) =>
      line === this.#lines[i] ? '\n' : `${i < this.#lines.length ? clearLine : ''}${line}\n`,
    );
    const rest = lines.length < this.#lines.length ? clearToEnd : '';
    return `${up(this.#lines.length)}\r${written.join('')}${rest}`;
  }

  /** Rows of the screen that the lines take by now: in a narrower terminal one line may have become several. */
  #rowsTaken(): number {
    const { columns } = this.#terminal;
    if (!this.#reflows || columns >= this.#columns || columns < 1) return this.#lines.length;
    return this.#lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);
  }
}

function up(rows: number): string {
  return rows === 0 ? '' : `\x1b[${rows}A`;
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
