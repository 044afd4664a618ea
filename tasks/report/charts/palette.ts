/**
 * Colours of the lines, for light and dark paper: Okabe and Ito's colour-blind safe set (2008), darkened or lightened to
 * a contrast of 3 : 1 against the page. Shapes and dashes repeat what colours say.
 */
export const palette: readonly Style[] = [
  { light: '#0067a5', dark: '#56b4e9', symbol: 'circle', dash: undefined },
  { light: '#c9530a', dark: '#f08a4b', symbol: 'square', dash: '9 2.5' },
  { light: '#00805e', dark: '#2fc49a', symbol: 'triangle', dash: '4 2.5' },
  { light: '#a8497f', dark: '#e29ac2', symbol: 'diamond', dash: '10 2.5 2 2.5' },
  { light: '#8a6d00', dark: '#e6c229', symbol: 'star', dash: '5 2 1.5 2 1.5 2' },
  { light: '#5b5fc7', dark: '#a5a8ff', symbol: 'wye', dash: '12 3' },
  { light: '#7a4a2b', dark: '#c9946d', symbol: 'cross', dash: '4 4' },
  { light: '#555555', dark: '#b0b0b0', symbol: 'times', dash: '1.5 1.5 5 1.5' },
];

/**
 * Colours of a few sparsities from dense to sparsest: from the ink towards the paper through hues that colour-blind eyes
 * tell apart, each with a contrast of 3 : 1 against the page.
 */
export const steps: readonly Style[] = [
  { light: '#1b1f24', dark: '#f4f5f6', symbol: 'circle', dash: undefined },
  { light: '#5b2a86', dark: '#f2c94c', symbol: 'triangle', dash: '8 2.5' },
  { light: '#1f6fb5', dark: '#5fd0b4', symbol: 'square', dash: '4 2' },
  { light: '#0b8f7a', dark: '#6aa5f0', symbol: 'diamond', dash: '8 2 2 2' },
  { light: '#cf6a00', dark: '#b58ae6', symbol: 'star', dash: '2 2' },
];

interface Style {
  readonly light: string;
  readonly dark: string;
  readonly symbol: ChartSymbol;
  /** Undefined for a solid line. */
  readonly dash: string | undefined;
}

export type ChartSymbol = 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'wye' | 'cross' | 'times';

/** The colour of a line as a custom property, so that the page's style sheet decides what it looks like. */
export function lineColour(index: number): string {
  return `var(--line-${index % palette.length})`;
}

export function lineSymbol(index: number): ChartSymbol {
  return palette[index % palette.length]!.symbol;
}

/** The dashes of a line as an option of a mark; none for a solid one. */
export function lineDash(index: number): { readonly strokeDasharray?: string } {
  const { dash } = palette[index % palette.length]!;
  return dash === undefined ? {} : { strokeDasharray: dash };
}
