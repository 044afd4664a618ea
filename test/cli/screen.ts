// eslint-disable-next-line no-control-regex -- escapes begin with one
const tokens = /\x1b\[[?\d;]*[A-Za-z]|\n|\r|[^\x1b\n\r]+/g;

/**
 * As much of a terminal as the live picture uses: lines, the cursor, and what happens to both when it is made narrower
 * or wider. Lines that were broken by the width are one line still, and are broken anew (as tmux, VTE and kitty do).
 */
export class Screen {
  columns: number;
  /** Bytes received so far. */
  received = 0;
  /** Logical lines; the cursor may only stand on the first row of one. */
  #lines: string[] = [''];
  #cursor = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    this.received += text.length;
    for (const [token] of text.matchAll(tokens)) this.#obey(token);
  }

  /** What stands on it, without the empty line of the cursor at its end. */
  text(): readonly string[] {
    const lines = this.#lines.slice();
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  #obey(token: string): void {
    if (token === '\n') {
      this.#cursor += 1;
      if (this.#cursor === this.#lines.length) this.#lines.push('');
    } else if (token === '\r' || token.startsWith('\x1b[?2026') || token.endsWith('m')) {
      // The cursor is only ever told so at the start of a line; frames and colours change no text.
    } else if (token === '\x1b[J') {
      this.#lines.length = this.#cursor + 1;
      this.#lines[this.#cursor] = '';
    } else if (token === '\x1b[2K') {
      this.#lines[this.#cursor] = '';
    } else if (token.startsWith('\x1b') && /\[\d+A$/.test(token)) {
      this.#up(Number(token.slice(2, -1)));
    } else if (token.startsWith('\x1b')) {
      throw new Error(`the screen does not know ${JSON.stringify(token)}`);
    } else {
      this.#lines[this.#cursor] = (this.#lines[this.#cursor] ?? '') + token;
    }
  }

  #up(rows: number): void {
    let left = rows;
    while (left > 0 && this.#cursor > 0) {
      this.#cursor -= 1;
      left -= Math.max(1, Math.ceil((this.#lines[this.#cursor] ?? '').length / this.columns));
    }
    if (left < 0) throw new Error('the cursor was moved into the middle of a broken line');
  }
}
