import { plot } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeText, trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';

/** Draws charts as static SVG. */
export interface Draw {
  /** `label` says in words what it shows: `RMA against sparsity, Grad-CAM` is a quantity, what it is drawn against, and of what. */
  (options: PlotOptions, label: string, axes?: Axes): Html;
  /** How wide a chart comes out that was designed for so many pixels: on paper another width than on the page. */
  readonly width: (designed: number) => number;
}

/** What stands at the axes of a chart that has no words around it. */
export interface Axes {
  readonly x?: string;
  readonly y?: string;
}

/**
 * Charts are drawn into a document of their own, without a browser. For paper they are as wide as `width` says, and tell what
 * stands at their axes (`data-x`, `data-y`) and where the middle of each is; the page says it in words around them.
 */
export function startDrawing(paper?: { readonly width: Draw['width'] }): Draw {
  const window: unknown = parseHTML('<!doctype html><html><body></body></html>');
  const { document } = window as { readonly document: object };
  const width = paper?.width ?? ((designed: number) => designed);
  const draw = (asked: PlotOptions, label: string, axes = axesOf(label)): Html => {
    const options = asked.width === undefined ? asked : { ...asked, width: width(asked.width) };
    // A fixed class: the page's style sheet styles all charts, and nothing depends on what was drawn before.
    const chart: unknown = plot({ ...options, document, className: 'chart' });
    const svg = chart as SvgElement;
    svg.querySelector('style')?.remove();
    // The chart as a whole has a label; those of its parts ("rule", "dot") would be read out, or are not allowed.
    for (const part of svg.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
    for (const attribute of ['font-size', 'font-family', 'width', 'height']) svg.removeAttribute(attribute);
    return trusted(labelled(shortNumbers(svg.outerHTML), label, paper && titlesOf(axes, options)));
  };
  return Object.assign(draw, { width });
}

/** Written here and not set on the element, whose serialiser leaves angle brackets in attributes as they are. */
function labelled(svg: string, label: string, titles = ''): string {
  return svg.replace(/^<svg/, () => `<svg role="img" aria-label="${escapeText(label)}"${titles}`);
}

function axesOf(label: string): Axes {
  const [, quantity, against] = /^([^,;:]+) against ([^,;:]+)/.exec(label) ?? [];
  if (quantity === undefined || against === undefined) return {};
  return { x: against.charAt(0).toUpperCase() + against.slice(1), y: quantity };
}

function titlesOf({ x, y }: Axes, options: PlotOptions): string {
  const { width = 640, height = 400 } = options;
  const { marginLeft = 40, marginRight = 20, marginTop = 20, marginBottom = 30 } = options;
  const across = (marginLeft + width - marginRight) / 2;
  const down = (marginTop + height - marginBottom) / 2;
  return [
    x === undefined ? '' : ` data-x="${escapeText(x)}" data-x-at="${across}"`,
    y === undefined ? '' : ` data-y="${escapeText(y)}" data-y-at="${down}"`,
  ].join('');
}

interface SvgElement {
  readonly outerHTML: string;
  querySelector(selector: string): { remove(): void } | null;
  querySelectorAll(selector: string): Iterable<{ removeAttribute(name: string): void }>;
  removeAttribute(name: string): void;
}

/** A hundredth of a pixel is not seen. Only inside tags: text stays as it is. */
function shortNumbers(svg: string): string {
  return svg.replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2)))),
  );
}
