import type { PageElement } from '../element.ts';
import { inherited, placedText } from '../placed-text.ts';
import type { Typeface } from '../typeface.ts';
import { paintOf } from './paint.ts';
import type { Paint } from './paint.ts';
import { transformOf } from './transform.ts';

type Document = PDFKit.PDFDocument;

/** Draws an element of a figure's SVG, and what is in it, in the units of the SVG. */
export function drawElement(doc: Document, element: PageElement, typeface: Typeface): void {
  const draw = drawings[element.localName];
  if (draw === undefined) throw new Error(`a figure has <${element.localName}>, which no PDF is written of`);
  doc.save();
  const transform = element.getAttribute('transform');
  if (transform !== null) doc.transform(...transformOf(transform));
  draw(doc, element, typeface);
  doc.restore();
}

type Drawing = (doc: Document, element: PageElement, typeface: Typeface) => void;

const drawings: { readonly [name: string]: Drawing } = {
  g: (doc, element, typeface) => {
    for (const child of element.children) drawElement(doc, child, typeface);
  },
  path: shape((doc, element) => doc.path(element.getAttribute('d') ?? '')),
  line: shape((doc, element) => {
    const [x1, y1, x2, y2] = numbers(element, 'x1', 'y1', 'x2', 'y2');
    doc.moveTo(x1!, y1!).lineTo(x2!, y2!);
  }),
  rect: shape((doc, element) => {
    const [x, y, width, height, rx] = numbers(element, 'x', 'y', 'width', 'height', 'rx');
    if (rx === 0) doc.rect(x!, y!, width!, height!);
    else doc.roundedRect(x!, y!, width!, height!, rx);
  }),
  circle: shape((doc, element) => {
    const [cx, cy, r] = numbers(element, 'cx', 'cy', 'r');
    doc.circle(cx!, cy!, r!);
  }),
  image: (doc, element) => {
    const [x, y, width, height] = numbers(element, 'x', 'y', 'width', 'height');
    const [, base64 = ''] = (element.getAttribute('xlink:href') ?? '').split(',');
    doc.image(Buffer.from(base64, 'base64'), x, y, { width: width!, height: height! });
  },
  text: (doc, element, typeface) => {
    const { words, style, x, y } = placedText(element, typeface);
    const paint = paintOf(element);
    // A halo lies behind its letters.
    const haloed = paint.stroke !== undefined && inherited(element, 'paint-order') === 'stroke';
    setPaint(doc, paint);
    for (const pass of haloed ? (['stroke', 'fill'] as const) : (['fill'] as const))
      for (const run of typeface.runsOf(words, style))
        doc
          .font(run.font)
          .fontSize(style.size)
          .text(run.text, x + run.x, y, {
            ...{ lineBreak: false, baseline: 'alphabetic', features: [] },
            ...{ stroke: pass === 'stroke', fill: pass === 'fill' },
          });
  },
};

function shape(trace: (doc: Document, element: PageElement) => void): Drawing {
  return (doc, element) => {
    const paint = paintOf(element);
    if (paint.fill === undefined && paint.stroke === undefined) return;
    setPaint(doc, paint);
    trace(doc, element);
    if (paint.fill === undefined) doc.stroke();
    else if (paint.stroke === undefined) doc.fill();
    else doc.fillAndStroke();
  };
}

function setPaint(doc: Document, { fill, stroke, line }: Paint): void {
  if (fill !== undefined) doc.fillColor(fill.colour, fill.opacity);
  if (stroke === undefined) return;
  doc.strokeColor(stroke.colour, stroke.opacity);
  doc.lineWidth(line.width).lineCap(line.cap).lineJoin(line.join);
  // Lengths of dashes and gaps by turns, which the types do not know of.
  if (line.dashes.length > 0) doc.dash(line.dashes as unknown as number, {});
}

function numbers(element: PageElement, ...names: readonly string[]): readonly number[] {
  return names.map((name) => Number(element.getAttribute(name) ?? 0));
}
