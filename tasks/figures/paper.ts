import type { Typeface } from './typeface.ts';

/**
 * What figures are laid out for. Charts are designed with letters of 11 units; on paper these are `fontPt` points high, so that a
 * unit is `fontPt / 11` points and all lines keep their proportions.
 */
export interface Paper {
  /** In units. */
  readonly width: number;
  readonly mmPerUnit: number;
  readonly typeface: Typeface;
}

export const designedSize = 11;
/** Between panels, in units. */
export const gap = 14;
/** Room for the title of a vertical axis, in units. */
export const titleRoom = 15;

/** Widths of a single column and of a whole page's two, in millimetres: those of most journals and conferences. */
export const widthsMm = { column: 85, page: 178 } as const;

export function paperOf(request: {
  readonly widthMm: number;
  readonly fontPt: number;
  readonly typeface: Typeface;
}): Paper {
  const mmPerUnit = (request.fontPt / designedSize / 72) * 25.4;
  return { width: request.widthMm / mmPerUnit, mmPerUnit, typeface: request.typeface };
}

/** Charts stand in as many columns as leave each about two thirds of the width that it was designed for. */
export function chartWidth(paper: Paper, designed: number): number {
  const columns = Math.max(1, Math.floor(paper.width / (designed * 0.68)));
  return Math.floor((paper.width - (columns - 1) * gap) / columns - titleRoom);
}
