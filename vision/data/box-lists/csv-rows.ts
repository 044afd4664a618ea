import { malformed } from './box-list.ts';

/** One row of a CSV file and the line, from 1, where it begins. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * The rows of a CSV file (RFC 4180): commas, fields with commas, line ends or doubled quotes within quotes; line ends of
 * any system; a byte-order mark and empty lines are passed over. Throws `ImageFailure` where a quote is out of place.
 */
export function csvRows(text: string, path: string): readonly CsvRow[] {
  const rows: CsvRow[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let [line, begin] = [1, 1];
  let fields: string[] = [];
  while (at < text.length || fields.length > 0) {
    field.lastIndex = at;
    const found = field.exec(text);
    if (found === null) throw malformed(path, 'a quote is out of place', line);
    const [whole, quoted, plain = '', end] = found;
    fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    at += whole.length;
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (fields.length > 1 || fields[0] !== '') rows.push({ line: begin, fields });
    [fields, begin] = [[], line];
  }
  return rows;
}
