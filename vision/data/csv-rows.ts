/** One record of a CSV text. */
export interface CsvRow {
  readonly cells: readonly string[];
  /** Line of its first character, from 1. */
  readonly line: number;
}

export type CsvRows =
  | { readonly kind: 'rows'; readonly rows: readonly CsvRow[] }
  | { readonly kind: 'invalid'; readonly line: number; readonly message: string };

/**
 * Records of a CSV text (RFC 4180: commas, double quotes, a doubled quote within quotes). Lines may end in LF or CR LF; a
 * byte-order mark and empty lines are passed over; unquoted cells are trimmed.
 */
export function readCsvRows(text: string): CsvRows {
  const rows: CsvRow[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const cells: string[] = [];
    for (let more = true; more;) {
      const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
      if (cell === undefined)
        return {
          kind: 'invalid',
          line: start,
          message: 'a quoted cell does not end, or goes on behind its quote',
        };
      cells.push(cell.value);
      line += cell.value.split('\n').length - 1;
      at = cell.end;
      more = text[at] === ',';
      if (more) at += 1;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
    if (cells.length > 1 || cells[0] !== '') rows.push({ cells, line: start });
  }
  return { kind: 'rows', rows };
}

interface Cell {
  readonly value: string;
  /** Where the comma, the line's end or the text's end behind it stands. */
  readonly end: number;
}

function plainCell(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && !text.startsWith('\r\n', end))
    end += 1;
  return { value: text.slice(start, end).trim(), end };
}

function quotedCell(text: string, start: number): Cell | undefined {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') {
      value += text[at]!;
      continue;
    }
    if (text[at + 1] === '"') {
      value += '"';
      at += 1;
      continue;
    }
    const end = at + 1;
    const isEnd =
      end === text.length || text[end] === ',' || text[end] === '\n' || text.startsWith('\r\n', end);
    return isEnd ? { value, end } : undefined;
  }
  return undefined;
}
