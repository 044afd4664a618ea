import { readMarkup } from '../element.ts';
import type { Typeface } from '../typeface.ts';
import { drawElement } from './draw-element.ts';

const pointsPerMm = 72 / 25.4;

/**
 * A figure's SVG as a PDF of one page of its size: lines stay lines, letters are embedded and can be searched. Equal inputs give equal
 * bytes: it holds no time.
 */
export async function pdfOf(svg: string, title: string, typeface: Typeface): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit');
  const root = readMarkup(svg).querySelector('svg')!;
  const [width, height] = ['width', 'height'].map((side) => {
    return Number.parseFloat(root.getAttribute(side)!) * pointsPerMm;
  }) as [number, number];
  const [, , across] = root.getAttribute('viewBox')!.split(' ').map(Number) as [number, number, number];
  const doc = new PDFDocument({
    ...{ size: [width, height], margin: 0, pdfVersion: '1.5', lang: 'en', displayTitle: true },
    info: { Title: title, Producer: 'sweetspot', Creator: 'sweetspot', CreationDate: new Date(0) },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise((resolve) => doc.on('end', resolve));
  doc.scale(width / across);
  for (const child of root.children) drawElement(doc, child, typeface);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}
