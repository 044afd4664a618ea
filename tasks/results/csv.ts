import type { Cell } from '../sweet-spots/table-file.ts';

/** Rows as comma-separated values (RFC 4180, lines ended by a line feed alone). Null is empty. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\n`).join('');
}

function field(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
