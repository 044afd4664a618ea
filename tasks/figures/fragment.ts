import { escapeText } from '../report/page/html.ts';

/** A piece of SVG with its size, in units, its upper left corner at the origin. */
export interface Fragment {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export interface TextRequest {
  readonly text: string;
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  /** Reads upwards. */
  readonly turned?: boolean;
}

export function textAt({ text, x, y, size, bold, anchor, fill, turned }: TextRequest): string {
  const attributes = [
    size === undefined ? '' : ` font-size="${size}"`,
    bold === true ? ' font-weight="700"' : '',
    anchor === undefined || anchor === 'start' ? '' : ` text-anchor="${anchor}"`,
    fill === undefined ? '' : ` fill="${fill}"`,
  ].join('');
  const place =
    turned === true
      ? `transform="translate(${round(x)},${round(y)}) rotate(-90)"`
      : `x="${round(x)}" y="${round(y)}"`;
  return `<text ${place}${attributes}>${escapeText(text)}</text>`;
}

export function moved({ svg }: Pick<Fragment, 'svg'>, x: number, y: number): string {
  return `<g transform="translate(${round(x)},${round(y)})">${svg}</g>`;
}

/** Fragments below each other. */
export function stacked(fragments: readonly Fragment[], between: number): Fragment {
  let height = 0;
  const parts = fragments.map((fragment, i) => {
    if (i > 0) height += between;
    const part = moved(fragment, 0, height);
    height += fragment.height;
    return part;
  });
  return { svg: parts.join(''), width: Math.max(0, ...fragments.map(({ width }) => width)), height };
}

export function round(value: number): number {
  return Number(value.toFixed(2));
}
