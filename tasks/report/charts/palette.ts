/**
 * Colours of the lines, for light and dark paper: Okabe and Ito's colour-blind safe set (2008), darkened or lightened to
 * a contrast of 3 : 1 against the page. Shapes repeat what colours say.
 */
export const palette: readonly {
  readonly light: string;
  readonly dark: string;
  readonly symbol: ChartSymbol;
}[] = [
  { light: '#0067a5', dark: '#56b4e9', symbol: 'circle' },
  { light: '#c9530a', dark: '#f08a4b', symbol: 'square' },
  { light: '#00805e', dark: '#2fc49a', symbol: 'triangle' },
  { light: '#a8497f', dark: '#e29ac2', symbol: 'diamond' },
  { light: '#8a6d00', dark: '#e6c229', symbol: 'star' },
  { light: '#5b5fc7', dark: '#a5a8ff', symbol: 'wye' },
  { light: '#7a4a2b', dark: '#c9946d', symbol: 'cross' },
  { light: '#555555', dark: '#b0b0b0', symbol: 'times' },
];

export type ChartSymbol = 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'wye' | 'cross' | 'times';

/** The colour of a line as a custom property, so that the page's style sheet decides what it looks like. */
export function lineColour(index: number): string {
  return `var(--line-${index % palette.length})`;
}

export function lineSymbol(index: number): ChartSymbol {
  return palette[index % palette.length]!.symbol;
}
