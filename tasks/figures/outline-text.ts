import { readMarkup } from './element.ts';
import type { PageElement } from './element.ts';
import type { Typeface } from './typeface.ts';

/**
 * An SVG image with all its text turned into outlines, which look the same on a machine without fonts: equal inputs give equal
 * pictures. Knows what the figures use: `x`, `y`, `dx`, `dy` in em or units, `text-anchor`, `transform`, `font-size`, `font-weight`.
 */
export function outlineText(svg: string, typeface: Typeface): string {
  const root = readMarkup(svg);
  const outlines = [...root.querySelectorAll('text')].map((text) => outlineOf(text, typeface));
  // In document order, and no text stands in another.
  return svg.replace(/<text\b[^>]*>[\s\S]*?<\/text>/g, () => outlines.shift() ?? '');
}

function outlineOf(text: PageElement, typeface: Typeface): string {
  const size = Number.parseFloat(inherited(text, 'font-size') ?? '11');
  const weight = inherited(text, 'font-weight') ?? '400';
  const style = { size, bold: weight === 'bold' || Number(weight) >= 600 };
  const words = text.textContent;
  const wide = typeface.widthOf(words, style);
  const anchor = inherited(text, 'text-anchor') ?? 'start';
  const shift = anchor === 'middle' ? -wide / 2 : anchor === 'end' ? -wide : 0;
  const x = lengthOf(text.getAttribute('x'), size) + lengthOf(text.getAttribute('dx'), size) + shift;
  const y = lengthOf(text.getAttribute('y'), size) + lengthOf(text.getAttribute('dy'), size);
  const own = text.getAttribute('transform');
  const transform = `${own === null ? '' : `${own} `}translate(${x.toFixed(3)},${y.toFixed(3)})`;
  const fill = text.getAttribute('fill');
  return `<path transform="${transform}"${fill === null ? '' : ` fill="${fill}"`} stroke="none" d="${typeface.outlineOf(words, style)}"/>`;
}

/** An attribute of an element, or of the nearest around it that has it. */
function inherited(element: PageElement, name: string): string | undefined {
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
