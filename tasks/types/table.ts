import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactType } from '../../engine/contract/artifact-type.ts';

/** Rows and columns in `table.json`, for people and for spreadsheets; other files may stand beside it. */
export const table: ArtifactType = {
  type: 'table',
  summary: 'table.json: a title, named columns, rows, notes',
  check: async (dir) => {
    let content: unknown;
    try {
      content = JSON.parse(await readFile(join(dir, 'table.json'), 'utf8'));
    } catch (error) {
      return [`table.json cannot be read: ${error instanceof Error ? error.message : String(error)}`];
    }
    return problemsOf(content);
  },
};

function problemsOf(content: unknown): readonly string[] {
  if (typeof content !== 'object' || content === null) return ['table.json is no object'];
  const { format, title, columns, rows, notes } = content as { readonly [key: string]: unknown };
  const problems: string[] = [];
  if (format !== 1) problems.push('format is not 1');
  if (typeof title !== 'string') problems.push('title is no text');
  if (!Array.isArray(notes) || !notes.every((note) => typeof note === 'string'))
    problems.push('notes is no list of texts');
  if (!Array.isArray(columns) || !columns.every(isColumn))
    return [...problems, 'columns is no list of named columns'];
  if (!Array.isArray(rows)) return [...problems, 'rows is no list'];
  const wrong = rows.findIndex((row) => !isRow(row, columns.length));
  if (wrong >= 0) problems.push(`row ${wrong} is no list of ${columns.length} scalars`);
  return problems;
}

function isColumn(column: unknown): boolean {
  if (typeof column !== 'object' || column === null) return false;
  const { name, unit } = column as { readonly name?: unknown; readonly unit?: unknown };
  return typeof name === 'string' && (unit === undefined || typeof unit === 'string');
}

function isRow(row: unknown, cells: number): boolean {
  return (
    Array.isArray(row) &&
    row.length === cells &&
    row.every((cell) => cell === null || typeof cell !== 'object')
  );
}
