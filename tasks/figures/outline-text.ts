import { readMarkup } from './element.ts';
import type { PageElement } from './element.ts';
import { placedText } from './placed-text.ts';
import type { Typeface } from './typeface.ts';

/**
 * An SVG image with all its text turned into outlines, which look the same on a machine without fonts: equal inputs give equal
 * pictures.
 */
export function outlineText(svg: string, typeface: Typeface): string {
  const root = readMarkup(svg);
  const outlines = [...root.querySelectorAll('text')].map((text) => outlineOf(text, typeface));
  // In document order, and no text stands in another.
  return svg.replace(/<text\b[^>]*>[\s\S]*?<\/text>/g, () => outlines.shift() ?? '');
}

function outlineOf(text: PageElement, typeface: Typeface): string {
  const { words, style, x, y } = placedText(text, typeface);
  const own = text.getAttribute('transform');
  const transform = `${own === null ? '' : `${own} `}translate(${x.toFixed(3)},${y.toFixed(3)})`;
  const fill = text.getAttribute('fill');
  return `<path transform="${transform}"${fill === null ? '' : ` fill="${fill}"`} stroke="none" d="${typeface.outlineOf(words, style)}"/>`;
}
