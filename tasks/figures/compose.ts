import { lightColours } from '../report/page/style/colours.ts';
import { wordsOf } from './element.ts';
import type { PageElement } from './element.ts';
import { moved, round, stacked, textAt } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import { lettersFrom } from './letters.ts';
import type { Letters } from './letters.ts';
import { chartOf, panelGrid } from './panels.ts';
import type { Row } from './panels.ts';
import { designedSize, gap } from './paper.ts';
import type { Paper } from './paper.ts';
import { tableFragment } from './table.ts';

/**
 * A figure of the page as one SVG image of `paper`'s width, or less: legend, panels and scales as they stand on the page, all words
 * inside; as several where it is taller than a page. It goes by the page's structure (`legend`, `panels`, `scale`, charts, tables), so that every figure can be taken.
 * None where nothing of it can be drawn.
 */
export function composeFigure(figure: PageElement, paper: Paper): readonly string[] {
  const blocks = besideEachOther(
    blocksOf(figure, paper, lettersFrom(0)).filter(({ height }) => height > 0),
    paper,
  );
  return pagesOf(blocks, paper).map((page) => paperSvg(stacked(page, between), paper));
}

/** Between blocks, in units. */
const between = 8;

/** Broken between rows of panels, and never behind a heading; each part has the legend, and the heading that it stands under. */
function pagesOf(blocks: readonly Block[], { height }: Paper): readonly (readonly Fragment[])[] {
  if (blocks.length === 0) return [];
  if (stacked(blocks, between).height <= height) return [blocks];
  const legends = blocks.filter(({ role }) => role === 'legend');
  const above = blocks[0]?.role === 'legend';
  const room = legends.reduce((left, legend) => left - legend.height - between, height);
  const pages: Block[][] = [[]];
  let heading: Block | undefined;
  for (const part of blocks.filter(({ role }) => role !== 'legend').flatMap(partsOf)) {
    const page = pages.at(-1)!;
    const isFull = page.length > 0 && stacked([...page, part.closing ?? part], between).height > room;
    if (isFull && page.at(-1)?.role === 'heading') page.pop();
    if (isFull) pages.push(heading === undefined || part.role === 'heading' ? [part] : [heading, part]);
    else page.push(part);
    if (part.role === 'heading') heading = part;
  }
  return pages
    .filter((page) => page.length > 0)
    .map(closed)
    .map((page) => (above ? [...legends, ...page] : [...page, ...legends]));
}

/** What ends a page says what its axes are. */
function closed(page: readonly Block[]): readonly Block[] {
  const last = page.at(-1);
  return last?.closing === undefined ? page : [...page.slice(0, -1), { ...last, ...last.closing }];
}

function partsOf(block: Block): readonly Block[] {
  return block.rows ?? [block];
}

/** A whole document: white ground, the paper's letters, sizes in millimetres. */
export function paperSvg({ svg, width, height }: Fragment, { mmPerUnit, typeface }: Paper): string {
  const margin = 2;
  const [across, down] = [width + 2 * margin, height + 2 * margin].map(Math.ceil) as [number, number];
  const size = `width="${round(across * mmPerUnit)}mm" height="${round(down * mmPerUnit)}mm" viewBox="0 0 ${across} ${down}"`;
  const letters = `font-family="${typeface.family}" font-size="${designedSize}" fill="${colours['ink']}" color="${colours['ink']}"`;
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size} ${letters}><rect width="${across}" height="${down}" fill="#fff"/>${moved({ svg }, margin, margin)}</svg>\n`;
  return drawn
    .replace(/var\(--([\w-]+)\)/g, (_, name: string) => colours[name] ?? 'currentColor')
    .replace(/ data-[\w-]+="[^"]*"/g, '')
    .replaceAll('\u2011', '-');
}

const colours = lightColours();

/** What has no place in a picture. */
const beside: readonly string[] = ['figcaption', 'details', 'button'];

function blocksOf(element: PageElement, paper: Paper, letters: Letters): readonly Block[] {
  return [...element.children].flatMap((child): readonly Block[] => {
    if (beside.includes(child.localName) || child.getAttribute('hidden') !== null) return [];
    if (child.classList.contains('legend')) return [{ ...legendRow(child, paper), role: 'legend' }];
    if (child.classList.contains('panels') || child.classList.contains('columns'))
      return [panelGrid(child, paper, letters)];
    if (child.classList.contains('scale')) return [scaleRow(child, paper)];
    if (child.localName === 'table') return [{ ...tableFragment(child, paper), narrow: true }];
    if (child.localName === 'svg' && child.classList.contains('chart')) return [chartOf(child)];
    if (/^h[2-6]$/.test(child.localName)) return [{ ...headingRow(child, paper), role: 'heading' }];
    return blocksOf(child, paper, letters);
  });
}

/** Tables that fit stand in a row: there is one a model. */
function besideEachOther(blocks: readonly Block[], { width }: Paper): readonly Block[] {
  const rows: Block[] = [];
  for (const block of blocks) {
    const last = rows.at(-1);
    if (last?.narrow === true && block.narrow === true && last.width + 2 * gap + block.width <= width)
      rows[rows.length - 1] = {
        svg: last.svg + moved(block, last.width + 2 * gap, 0),
        width: last.width + 2 * gap + block.width,
        height: Math.max(last.height, block.height),
        narrow: true,
      };
    else rows.push(block);
  }
  return rows;
}

/** A part of a figure. */
interface Block extends Fragment {
  /** May stand beside another. */
  readonly narrow?: boolean;
  readonly role?: 'legend' | 'heading';
  /** What a grid can be broken into. */
  readonly rows?: readonly Row[];
  /** A row of a grid where nothing comes below it. */
  readonly closing?: Fragment;
}

function headingRow(element: PageElement, { typeface }: Paper): Fragment {
  const text = wordsOf(element);
  const size = 12;
  return {
    svg: textAt({ text, x: 0, y: 11, size, bold: true }),
    width: typeface.widthOf(text, { size, bold: true }),
    height: 13,
  };
}

/** The keys in a line, or in several where they are too many for one. */
function legendRow(element: PageElement, { width, typeface }: Paper): Fragment {
  const place = { x: 0, y: 0, widest: 0 };
  const parts = [...element.children].map((item) => {
    const text = wordsOf(item);
    const key = item.querySelector('svg.key');
    const keyWidth = key === null ? 0 : 31;
    const wide = keyWidth + typeface.widthOf(text, { size: designedSize, bold: false });
    if (place.x > 0 && place.x + wide > width) Object.assign(place, { x: 0, y: place.y + 15 });
    const at = { x: place.x, y: place.y };
    place.x += wide + 16;
    place.widest = Math.max(place.widest, place.x - 16);
    return moved({ svg: (key?.innerHTML ?? '') + textAt({ text, x: keyWidth, y: 9.8 }) }, at.x, at.y);
  });
  return { svg: parts.join(''), width: place.widest, height: place.y + 13 };
}

/** Words and the strip of colours between them. */
function scaleRow(element: PageElement, { typeface }: Paper): Fragment {
  let x = 0;
  const parts = [...element.children].map((child) => {
    const steps = [...child.querySelectorAll('i')];
    const at = x;
    if (steps.length > 0) {
      x += steps.length * 22 + 6;
      return steps
        .map((step, i) => {
          const fill = /background:([^;]+)/.exec(step.getAttribute('style') ?? '')?.[1] ?? 'none';
          return `<rect x="${at + i * 22}" y="1" width="22" height="11" fill="${fill}"/>`;
        })
        .join('');
    }
    const text = wordsOf(child);
    x += typeface.widthOf(text, { size: designedSize, bold: false }) + 6;
    return textAt({ text, x: at, y: 10.5 });
  });
  return { svg: parts.join(''), width: x, height: 13 };
}
