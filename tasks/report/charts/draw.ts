import { plot } from '@observablehq/plot';
import type { PlotOptions } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeText, trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';

/** Draws a chart as static SVG. `label` says in words what it shows. */
export type Draw = (options: PlotOptions, label: string) => Html;

/** Charts are drawn into a document of their own, without a browser. */
export function startDrawing(): Draw {
  const window: unknown = parseHTML('<!doctype html><html><body></body></html>');
  const { document } = window as { readonly document: object };
  return (options, label) => {
    // A fixed class: the page's style sheet styles all charts, and nothing depends on what was drawn before.
    const chart: unknown = plot({ ...options, document, className: 'chart' });
    const svg = chart as SvgElement;
    svg.querySelector('style')?.remove();
    // The chart as a whole has a label; those of its parts ("rule", "dot") would be read out, or are not allowed.
    for (const part of svg.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
    for (const attribute of ['font-size', 'font-family', 'width', 'height']) svg.removeAttribute(attribute);
    return trusted(labelled(shortNumbers(svg.outerHTML), label));
  };
}

/** Written here and not set on the element, whose serialiser leaves angle brackets in attributes as they are. */
function labelled(svg: string, label: string): string {
  return svg.replace(/^<svg/, () => `<svg role="img" aria-label="${escapeText(label)}"`);
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
