import { wordsOf } from './element.ts';
import type { PageElement } from './element.ts';
import { moved, textAt } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import { chartOf } from './panels.ts';
import { designedSize } from './paper.ts';
import type { Paper } from './paper.ts';

interface TableCell {
  readonly row: number;
  readonly column: number;
  readonly columns: number;
  readonly rows: number;
  readonly text: string;
  readonly bold: boolean;
  readonly quiet: boolean;
  readonly fill: string | undefined;
  readonly frame: 'none' | 'whole' | 'broken';
  readonly alignment: 'start' | 'middle';
  /** Charts and keys that stand in the cell, in order. */
  readonly pictures: readonly Picture[];
}

interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const rowHeight = 15;
const padding = 4;

/** A table as it stands on the page: words, tones of better and worse, frames of sweet spots, charts in cells. */
export function tableFragment(table: PageElement, paper: Paper): Fragment {
  const cells = cellsOf(table);
  if (cells.length === 0) return { svg: '', width: 0, height: 0 };
  const widths = widthsOf(cells, paper);
  const heights = heightsOf(cells);
  const lefts = runningSums(widths);
  const tops = runningSums(heights);
  const drawn = cells.map((cell) =>
    drawCell(cell, {
      x: lefts[cell.column]!,
      y: tops[cell.row]!,
      width: lefts[cell.column + cell.columns]! - lefts[cell.column]!,
      height: tops[cell.row + cell.rows]! - tops[cell.row]!,
      widthOf: (text) => paper.typeface.widthOf(text, styleOf(cell)),
    }),
  );
  const caption = table.querySelector('caption');
  const head = caption === null ? 0 : 16;
  const title =
    caption === null ? '' : textAt({ text: wordsOf(caption), x: 0, y: 11, size: 11.5, bold: true });
  const width = lefts.at(-1)!;
  // What is too wide is reduced as a whole.
  const scale = Math.min(1, paper.width / width);
  const body = `<g transform="scale(${scale.toFixed(4)})">${drawn.join('')}</g>`;
  return {
    svg: title + moved({ svg: body }, 0, head),
    width: width * scale,
    height: head + tops.at(-1)! * scale,
  };
}

function cellsOf(table: PageElement): readonly TableCell[] {
  const taken = new Set<string>();
  const gains = table.classList.contains('gains');
  return [...table.querySelectorAll('tr')].flatMap((element, row) => {
    const head = element.parentElement?.localName === 'thead';
    let column = 0;
    return [...element.children].map((cell): TableCell => {
      while (taken.has(`${row} ${column}`)) column++;
      const columns = Number(cell.getAttribute('colspan') ?? 1);
      const rows = Number(cell.getAttribute('rowspan') ?? 1);
      for (let down = 0; down < rows; down++)
        for (let across = 0; across < columns; across++) taken.add(`${row + down} ${column + across}`);
      const place = { row, column, columns, rows };
      column += columns;
      return { ...place, ...contentOf(cell, { head, first: place.column === 0, gains }) };
    });
  });
}

function contentOf(
  cell: PageElement,
  { head, first, gains }: { readonly head: boolean; readonly first: boolean; readonly gains: boolean },
): Omit<TableCell, 'row' | 'column' | 'columns' | 'rows'> {
  const classes = (cell.getAttribute('class') ?? '').split(' ');
  const tone = classes.find((one) => /^(?:up|down)-\d$/.test(one));
  const pictures = [...cell.querySelectorAll('svg')].map((svg): Picture => {
    const { svg: drawn, width, height } = chartOf(svg);
    svg.remove();
    return { svg: drawn, width, height };
  });
  const heading = cell.getAttribute('scope') === 'rowgroup';
  return {
    text: wordsOf(cell),
    bold: classes.includes('sweet') || (heading && !gains),
    quiet: head || (heading && gains),
    fill: tone === undefined ? undefined : `var(--${tone})`,
    frame: classes.includes('doubted') ? 'broken' : classes.includes('sweet') ? 'whole' : 'none',
    alignment: gains && !first ? 'middle' : 'start',
    pictures,
  };
}

function styleOf({ bold }: TableCell): { readonly size: number; readonly bold: boolean } {
  return { size: designedSize, bold };
}

function widthsOf(cells: readonly TableCell[], { typeface }: Paper): readonly number[] {
  const widths: number[] = [];
  for (const cell of cells) {
    for (let i = 0; i < cell.columns; i++) widths[cell.column + i] ??= 0;
    if (cell.columns > 1) continue;
    const words = typeface.widthOf(cell.text, styleOf(cell));
    const pictures = cell.pictures.map(({ width }) => width);
    const beside = pictures.every((width) => width < 40) && pictures.length > 0;
    const needed = beside
      ? words + pictures.reduce((sum, width) => sum + width + padding, 0)
      : Math.max(words, ...pictures);
    widths[cell.column] = Math.max(widths[cell.column]!, needed + 2 * padding);
  }
  return widths;
}

function heightsOf(cells: readonly TableCell[]): readonly number[] {
  const heights: number[] = [];
  for (const cell of cells) {
    for (let i = 0; i < cell.rows; i++) heights[cell.row + i] ??= rowHeight;
    if (cell.rows > 1) continue;
    const large = cell.pictures.filter(({ width }) => width >= 40);
    const needed =
      large.reduce((sum, { height }) => sum + height, 0) +
      (large.length > 0 && cell.text !== '' ? rowHeight : 0);
    heights[cell.row] = Math.max(heights[cell.row]!, needed);
  }
  return heights;
}

function runningSums(sizes: readonly number[]): readonly number[] {
  const sums = [0];
  for (const size of sizes) sums.push(sums.at(-1)! + size);
  return sums;
}

interface CellPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly widthOf: (text: string) => number;
}

function drawCell(cell: TableCell, { x, y, width, height, widthOf }: CellPlace): string {
  const { text, bold, quiet, fill, frame, alignment, pictures } = cell;
  const inner = `x="${(x + 0.75).toFixed(2)}" y="${(y + 0.75).toFixed(2)}" width="${(width - 1.5).toFixed(2)}" height="${(height - 1.5).toFixed(2)}"`;
  const large = pictures.filter((one) => one.width >= 40);
  const small = pictures.filter((one) => one.width < 40);
  let at = x + padding;
  const keys = small.map((one) => {
    const drawn = moved(one, at, y + (height - one.height) / 2);
    at += one.width + padding;
    return drawn;
  });
  const base = large.length > 0 ? y + 11 : y + height / 2 + 4;
  const words = { text, bold, y: base, ...(quiet ? { fill: 'var(--quiet)' } : {}) };
  return [
    fill === undefined ? '' : `<rect ${inner} fill="${fill}"/>`,
    frame === 'none'
      ? ''
      : `<rect ${inner} fill="none" stroke="var(--ink)" stroke-width="1.25"${frame === 'broken' ? ' stroke-dasharray="3 2"' : ''}/>`,
    ...keys,
    ...large.map((one) =>
      moved(one, x + padding, text === '' ? y + (height - one.height) / 2 : y + rowHeight),
    ),
    text === ''
      ? ''
      : textAt(
          alignment === 'middle' ? { ...words, x: x + (width - widthOf(text)) / 2 } : { ...words, x: at },
        ),
  ].join('');
}
