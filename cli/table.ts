import { colours } from './io.ts';
import { clipped, clippedMiddle, padded, textWidth } from './text-width.ts';

export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly paint?: (text: string) => string;
}

/** What stands where there is nothing to count: a row stays easy to follow. */
const none = '·';

/** A count as a cell. */
export function countCell(count: number): string {
  return count === 0 ? none : String(count);
}

/**
 * Plain cells under headings, as lines that fit a width (Infinity for a pipe, where nothing is cut off): the column of names
 * takes at most half of it, the last column what is left.
 *
 * @param names which column holds names; of those both ends are worth more than the middle
 */
export function table(
  shown: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  { width, names = 0 }: { readonly width: number; readonly names?: number },
): readonly string[] {
  const widths = shown.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => textWidth(row[i] ?? ''))),
  );
  widths[names] = Math.min(widths[names] ?? 0, Math.max(12, Math.floor(width / 2)));
  const line = (cells: readonly string[], paint: (text: string, column: TableColumn) => string): string => {
    const parts: string[] = [];
    let room = width;
    for (const [i, column] of shown.entries()) {
      const wide = widths[i] ?? 0;
      const isLast = i === shown.length - 1;
      const kept = i === names ? clippedMiddle(cells[i] ?? '', wide) : (cells[i] ?? '');
      const text =
        column.align === 'right'
          ? kept.padStart(wide)
          : isLast
            ? clipped(kept, Math.max(0, room))
            : padded(kept, wide);
      parts.push(text === '' ? '' : paint(text, column));
      room -= wide + 2;
    }
    return parts.join('  ').trimEnd();
  };
  return [
    colours.dim(
      line(
        shown.map(({ title }) => title),
        String,
      ),
    ),
    ...rows.map((row) =>
      line(row, (text, { paint = String }) => (text.trim() === none ? colours.dim(text) : paint(text))),
    ),
  ];
}
