import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Cell = string | number | boolean | null;

/** `table.json` of a `table` artifact. */
export interface TableFile {
  readonly format: 1;
  readonly title: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
}

export interface TableColumn {
  readonly name: string;
  readonly unit?: string;
}

/** Reads the table of an artifact's folder. The artifact was checked against its type when it was stored. */
export async function readTableFile(dir: string): Promise<TableFile> {
  return JSON.parse(await readFile(join(dir, 'table.json'), 'utf8')) as TableFile;
}
