import { readCsvRows } from '../csv-rows.ts';
import type { CsvRow } from '../csv-rows.ts';
import type { Box } from '../image-set.ts';
import { malformed, objectionToName } from './box-list.ts';
import type { BoxedImage } from './box-list.ts';

const corners = ['xmin', 'ymin', 'xmax', 'ymax'] as const;
const needed: readonly string[] = ['image', ...corners];
const known: readonly string[] = [...needed, 'label'];

/**
 * Boxes from a CSV file with the columns image, xmin, ymin, xmax, ymax and perhaps label, in any order: one row a box, in
 * pixels from 0, [xmin, xmax) x [ymin, ymax). A row whose corners are all empty names an image without objects. Images
 * come in the order of their first rows. Throws `ImageFailure` with the line of what is wrong.
 */
export function readCsvBoxes(text: string, path: string): readonly BoxedImage[] {
  const read = readCsvRows(text);
  if (read.kind === 'invalid') throw malformed(path, read.message, read.line);
  const [header, ...rows] = read.rows;
  if (header === undefined) throw malformed(path, 'it is empty');
  const columns = columnsOf(header, path);
  const images = new Map<string, Box[]>();
  for (const row of rows) {
    const { cells: fields, line } = row;
    if (fields.length !== header.cells.length)
      throw malformed(path, `${fields.length} fields, but ${header.cells.length} columns`, line);
    const name = fields[columns.get('image')!]!;
    const objection = objectionToName(name);
    if (objection !== undefined) throw malformed(path, objection, line);
    const boxes = images.get(name) ?? [];
    images.set(name, boxes);
    const box = boxOf(row, columns, path);
    if (box !== undefined) boxes.push(box);
  }
  return [...images].map(([image, boxes]) => ({ image, boxes }));
}

type Columns = ReadonlyMap<string, number>;

function columnsOf({ cells: fields, line }: CsvRow, path: string): Columns {
  const lacking = needed.filter((name) => !fields.includes(name));
  if (lacking.length > 0) throw malformed(path, `no column ${lacking.join(', ')}`, line);
  const strange = fields.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw malformed(path, `a column '${strange}'; there can be ${known.join(', ')}`, line);
  const columns = new Map(fields.map((name, place) => [name, place]));
  if (columns.size < fields.length) throw malformed(path, 'a column is there twice', line);
  return columns;
}

function boxOf({ cells: fields, line }: CsvRow, columns: Columns, path: string): Box | undefined {
  const written = (name: string): string => fields[columns.get(name)!]!;
  if (corners.every((name) => written(name) === '')) return undefined;
  const [x0, y0, x1, y1] = corners.map((name) => {
    const value = Number(written(name) || Number.NaN);
    if (Number.isFinite(value)) return value;
    throw malformed(path, `${name} is '${written(name)}', which is no number`, line);
  }) as [number, number, number, number];
  if (x1 <= x0 || y1 <= y0)
    throw malformed(path, `a box that ends before it begins: x ${x0} to ${x1}, y ${y0} to ${y1}`, line);
  const label = columns.has('label') ? written('label') : '';
  return { x0, y0, x1, y1, ...(label === '' ? {} : { category: label }) };
}
