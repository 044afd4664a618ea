import type { PageElement } from './element.ts';
import type { TextStyle, Typeface } from './typeface.ts';

/** Where a `text` element of the figures stands, and how. */
export interface PlacedText {
  readonly words: string;
  readonly style: TextStyle;
  /** Where its baseline begins, in units, after the element's own `transform`. */
  readonly x: number;
  readonly y: number;
}

/** Knows what the figures use: `x`, `y`, `dx`, `dy` in em or units, `text-anchor`, `font-size`, `font-weight`. */
export function placedText(text: PageElement, typeface: Typeface): PlacedText {
  const size = Number.parseFloat(inherited(text, 'font-size') ?? '11');
  const weight = inherited(text, 'font-weight') ?? '400';
  const style = { size, bold: weight === 'bold' || Number(weight) >= 600 };
  const words = text.textContent;
  const wide = typeface.widthOf(words, style);
  const anchor = inherited(text, 'text-anchor') ?? 'start';
  const shift = anchor === 'middle' ? -wide / 2 : anchor === 'end' ? -wide : 0;
  return {
    words,
    style,
    x: lengthOf(text.getAttribute('x'), size) + lengthOf(text.getAttribute('dx'), size) + shift,
    y: lengthOf(text.getAttribute('y'), size) + lengthOf(text.getAttribute('dy'), size),
  };
}

/** An attribute of an element, or of the nearest around it that has it. */
export function inherited(element: PageElement, name: string): string | undefined {
  for (let at: PageElement | null = element; at !== null; at = at.parentElement) {
    const value = at.getAttribute(name);
    if (value !== null) return value;
  }
  return undefined;
}

function lengthOf(value: string | null, size: number): number {
  if (value === null) return 0;
  return value.endsWith('em') ? Number.parseFloat(value) * size : Number.parseFloat(value);
}
