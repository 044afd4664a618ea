import type { Statement } from '../../tasks/import/statement.ts';
import { readCsvRows } from '../../vision/data/csv-rows.ts';

const numbers = ['accuracy', 'sparsity'] as const;
const words = ['by', 'source', 'data', 'recipe'] as const;

export type ReadStatements =
  /** By file name. */
  | { readonly kind: 'read'; readonly statements: ReadonlyMap<string, Statement> }
  | { readonly kind: 'invalid'; readonly line: number; readonly message: string };

/** What is stated of each file: a CSV table with a column `file`, and any of by, source, data, recipe, accuracy and sparsity. */
export function readStatements(text: string): ReadStatements {
  const read = readCsvRows(text);
  if (read.kind === 'invalid') return read;
  const [head, ...rows] = read.rows;
  const names = head?.cells ?? [];
  const known: readonly string[] = ['file', ...numbers, ...words];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    return { kind: 'invalid', line: 1, message: `no column '${unknown}' is known: ${known.join(', ')}` };
  const at = names.indexOf('file');
  if (at === -1)
    return { kind: 'invalid', line: 1, message: "a column 'file' has to say what each line is about" };
  const statements = new Map<string, Statement>();
  for (const { cells, line } of rows) {
    const file = cells[at] ?? '';
    if (statements.has(file)) return { kind: 'invalid', line, message: `${file} has a line before` };
    const statement: { [name: string]: string | number } = {};
    for (const [index, name] of names.entries()) {
      const cell = cells[index] ?? '';
      if (index === at || cell === '') continue;
      const value = parseFact(name, cell);
      if (value === undefined) return { kind: 'invalid', line, message: factProblem(name, cell) };
      statement[name] = value;
    }
    statements.set(file, statement);
  }
  return { kind: 'read', statements };
}

/** `NAME=VALUE` pairs that hold for every file; a text says what is wrong with one. */
export function readStatement(pairs: readonly string[]): Statement | string {
  const statement: { [name: string]: string | number } = {};
  for (const pair of pairs) {
    const split = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, split));
    if (![...numbers, ...words].some((known) => known === name))
      return `'${pair}' is none of ${[...words, ...numbers].map((known) => `${known}=…`).join(', ')}`;
    const text = pair.slice(split + 1);
    const value = parseFact(name, text);
    if (value === undefined) return factProblem(name, text);
    statement[name] = value;
  }
  return statement;
}

/** A share may be written in percent: `0.9`, `90%`, or a bare number above 1. */
export function parseFact(name: string, text: string): string | number | undefined {
  if (!numbers.some((known) => known === name)) return text === '' || text.length > 500 ? undefined : text;
  const [, digits, percent] = /^([0-9]*\.?[0-9]+(?:[eE]-?[0-9]+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  const value = Number(digits);
  const share = percent === '%' || value > 1 ? Number((value / 100).toPrecision(12)) : value;
  return share >= 0 && share <= 1 ? share : undefined;
}

function factProblem(name: string, text: string): string {
  return numbers.some((known) => known === name)
    ? `${name}: '${text}' is no share, e.g. 0.9 or 90%`
    : `${name}: expected a text of 1 to 500 characters`;
}
