import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { csvOf } from '../results/csv.ts';
import type { Cell } from '../sweet-spots/table-file.ts';

/** A table as programs read it. */
export interface DataTable {
  readonly columns: readonly { readonly name: string; readonly type: 'STRING' | 'DOUBLE' | 'INT32' }[];
  readonly rows: readonly { readonly [column: string]: Cell }[];
}

/** Writes `NAME.csv` and `NAME.parquet`: the same rows, numbers at full precision, null an empty field. */
export async function writeDataTable(dir: string, name: string, { columns, rows }: DataTable): Promise<void> {
  const cell = (row: { readonly [column: string]: Cell }, column: string): Cell => row[column] ?? null;
  const head = columns.map((column) => column.name);
  await writeFile(
    join(dir, `${name}.csv`),
    csvOf([head, ...rows.map((row) => head.map((one) => cell(row, one)))]),
  );
  const buffer = parquetWriteBuffer({
    columnData: columns.map((column) => ({
      name: column.name,
      type: column.type,
      nullable: true,
      data: rows.map((row) => cell(row, column.name)),
    })),
  });
  await writeFile(join(dir, `${name}.parquet`), new Uint8Array(buffer));
}
