import type { PageElement } from '../element.ts';
import { inherited } from '../placed-text.ts';

/** What a shape is filled and drawn with; undefined where it is not. */
export interface Paint {
  readonly fill: Ink | undefined;
  readonly stroke: Ink | undefined;
  readonly line: Line;
}

export interface Ink {
  readonly colour: string;
  /** From 0 to 1. */
  readonly opacity: number;
}

/** In units. */
export interface Line {
  readonly width: number;
  readonly cap: 'butt' | 'round' | 'square';
  readonly join: 'miter' | 'round' | 'bevel';
  readonly dashes: readonly number[];
}

/** SVG's presentation attributes, as inherited. */
export function paintOf(element: PageElement): Paint {
  return {
    fill: inkOf(element, 'fill', 'black'),
    stroke: inkOf(element, 'stroke', 'none'),
    line: {
      width: Number(inherited(element, 'stroke-width') ?? 1),
      cap: (inherited(element, 'stroke-linecap') ?? 'butt') as Line['cap'],
      join: (inherited(element, 'stroke-linejoin') ?? 'miter') as Line['join'],
      dashes: dashesOf(inherited(element, 'stroke-dasharray') ?? 'none'),
    },
  };
}

function inkOf(element: PageElement, name: 'fill' | 'stroke', usual: string): Ink | undefined {
  const named = inherited(element, name) ?? usual;
  if (named === 'none' || named === 'transparent') return undefined;
  const colour = named === 'currentColor' ? (inherited(element, 'color') ?? 'black') : named;
  const opacity = Number(inherited(element, `${name}-opacity`) ?? 1) * groupOpacity(element);
  return { colour: fullHex(colour), opacity };
}

/** Of the shape and of all around it: the figures make nothing transparent in which shapes overlap. */
function groupOpacity(element: PageElement): number {
  let opacity = 1;
  for (let at: PageElement | null = element; at !== null; at = at.parentElement)
    opacity *= Number(at.getAttribute('opacity') ?? 1);
  return opacity;
}

function dashesOf(written: string): readonly number[] {
  return written === 'none' ? [] : written.trim().split(/[ ,]+/).map(Number);
}

function fullHex(colour: string): string {
  return colour.replace(/^#([\da-f])([\da-f])([\da-f])$/i, '#$1$1$2$2$3$3');
}
