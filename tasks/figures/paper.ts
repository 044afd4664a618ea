import type { Typeface } from './typeface.ts';

/**
 * What figures are laid out for. Charts are designed with letters of 11 units; on paper these are `fontPt` points high, so that a
 * unit is `fontPt / 11` points and all lines keep their proportions.
 */
export interface Paper {
  /** In units. */
  readonly width: number;
  /** In units: what a page has room for. */
  readonly height: number;
  readonly mmPerUnit: number;
  readonly typeface: Typeface;
}

export const designedSize = 11;
/** Between panels, in units. */
export const gap = 14;
/** Of a chart with its axis, in units: labels of ticks need room. */
const narrowest = 165;
/** Room for the title of a vertical axis, in units. */
export const titleRoom = 15;

/** Height of the text of an A4 page, in millimetres. */
const pageMm = 240;

/** Widths of a single column and of a whole page's two, in millimetres: those of most journals and conferences. */
export const widthsMm = { column: 85, page: 178 } as const;

export function paperOf(request: {
  readonly widthMm: number;
  readonly fontPt: number;
  readonly typeface: Typeface;
}): Paper {
  const mmPerUnit = (request.fontPt / designedSize / 72) * 25.4;
  return {
    width: request.widthMm / mmPerUnit,
    height: pageMm / mmPerUnit,
    mmPerUnit,
    typeface: request.typeface,
  };
}

/**
 * How wide a chart is that was designed for so many pixels and stands among `panels`: in about as many columns as leave each two thirds
 * of its width, rather one more or less than with gaps in the last row.
 */
export function chartWidth(paper: Paper, designed: number, panels: number): number {
  const usual = Math.max(1, Math.floor(paper.width / Math.max(narrowest, designed * 0.68)));
  const most = Math.max(1, Math.floor(paper.width / Math.max(narrowest, designed * 0.5)));
  const gaps = (columns: number): number => Math.ceil(panels / columns) * columns - panels;
  const cost = (columns: number): number => gaps(columns) + 0.6 * Math.abs(columns - usual) - 0.01 * columns;
  const choices = Array.from({ length: most }, (_, i) => i + 1);
  const columns = choices.reduce((best, one) => (cost(one) < cost(best) ? one : best));
  const width = Math.floor((paper.width - (columns - 1) * gap) / columns - titleRoom);
  return Math.min(width, Math.round(designed * 1.5));
}
