import { wordsOf } from './element.ts';
import type { PageElement } from './element.ts';
import { moved, stacked, textAt } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import type { Letters } from './letters.ts';
import { gap, titleRoom } from './paper.ts';
import type { Paper } from './paper.ts';

/** A chart as it was drawn for paper. */
export interface Chart {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  readonly x: AxisTitle | undefined;
  readonly y: AxisTitle | undefined;
  /** Stands above the chart, unless its vertical axis has a title that says it. */
  readonly heading: string | undefined;
}

interface AxisTitle {
  readonly text: string;
  /** The axis' middle, in the chart's own units. */
  readonly at: number;
}

interface Panel {
  readonly title: string;
  readonly charts: readonly Chart[];
}

/** A grid in one, and row by row for whoever has to break it. */
export interface Grid extends Fragment {
  readonly rows: readonly Row[];
}

export interface Row extends Fragment {
  /** The row where nothing comes below it: with the titles of all its horizontal axes. */
  readonly closing: Fragment;
}

/** Small multiples as a grid: lettered titles, axis titles at the left and the lower edge. */
export function panelGrid(element: PageElement, paper: Paper, letters: Letters): Grid {
  const panels = [...element.children].map(panelOf).filter(({ charts }) => charts.length > 0);
  if (panels.length === 0) return { svg: '', width: 0, height: 0, rows: [] };
  const room = panels.some(({ charts }) => charts.some(({ y }) => y !== undefined)) ? titleRoom : 0;
  const cell = Math.max(...panels.flatMap(({ charts }) => charts.map(({ width }) => width))) + room;
  const columns = Math.max(1, Math.floor((paper.width + gap + 1) / (cell + gap)));
  const rows: Row[] = [];
  for (let first = 0; first < panels.length; first += columns) {
    const row = panels.slice(first, first + columns).map((panel, i) => {
      const left = i === 0 ? undefined : panels[first + i - 1];
      const letter = panels.length > 1 ? letters() : '';
      const drawn = (lowest: boolean): Fragment => drawPanel(panel, { letter, room, left, lowest });
      return { usual: drawn(first + i + columns >= panels.length), closing: drawn(true) };
    });
    rows.push({
      ...besides(
        row.map(({ usual }) => usual),
        cell + gap,
      ),
      closing: besides(
        row.map(({ closing }) => closing),
        cell + gap,
      ),
    });
  }
  return { ...stacked(rows, gap * 0.7), rows };
}

/** Panels of one row, `step` units apart. */
function besides(row: readonly Fragment[], step: number): Fragment {
  return {
    svg: row.map((fragment, i) => moved(fragment, i * step, 0)).join(''),
    width: row.length * step - gap,
    height: Math.max(...row.map(({ height }) => height)),
  };
}

function panelOf(element: PageElement): Panel {
  const charts: Chart[] = [];
  let heading: string | undefined;
  for (const child of element.querySelectorAll('h4, svg.chart')) {
    if (child.localName === 'h4') heading = headingOf(child);
    else {
      charts.push(chartOf(child, heading));
      heading = undefined;
    }
  }
  const title = element.querySelector('h3');
  return { title: title === null ? '' : wordsOf(title), charts };
}

/** `Localisation: sweet spots in 2 of 6 scores`: the page tells the two apart by their colours. */
function headingOf(element: PageElement): string {
  const words = wordsOf(element);
  const beside = element.querySelector('span');
  const aside = beside === null ? '' : wordsOf(beside);
  const name = words.slice(0, words.length - aside.length).trim();
  return aside === '' || name === '' || !words.endsWith(aside) ? words : `${name}: ${aside}`;
}

export function chartOf(svg: PageElement, heading?: string): Chart {
  const [, , width = 0, height = 0] = (svg.getAttribute('viewBox') ?? '').split(/[ ,]+/).map(Number);
  const axis = (name: string): AxisTitle | undefined => {
    const text = svg.getAttribute(`data-${name}`);
    return text === null ? undefined : { text, at: Number(svg.getAttribute(`data-${name}-at`)) };
  };
  for (const title of svg.querySelectorAll('title')) title.remove();
  // What its own root says of all its parts.
  const inherited = ['text-anchor', 'fill'].map((name) => {
    const value = svg.getAttribute(name);
    return value === null ? '' : ` ${name}="${value}"`;
  });
  const drawn = `<g${inherited.join('')}>${svg.innerHTML}</g>`;
  return { svg: drawn, width, height, x: axis('x'), y: axis('y'), heading };
}

interface PanelPlace {
  readonly letter: string;
  readonly room: number;
  /** Its neighbour, whose axis titles need not be repeated. */
  readonly left: Panel | undefined;
  /** Nothing stands below it. */
  readonly lowest: boolean;
}

function drawPanel({ title, charts }: Panel, { letter, room, left, lowest }: PanelPlace): Fragment {
  const head = [letter, title].filter((part) => part !== '').join(' ');
  // A panel with one chart may bear its title in the chart's heading alone.
  const single = head === letter && charts.length === 1 ? charts[0]!.heading : undefined;
  const parts = charts.map((chart, i) =>
    drawChart(single === undefined ? chart : { ...chart, heading: undefined }, {
      room,
      titled: left?.charts[i]?.y?.text !== chart.y?.text,
      lowest: lowest && i === charts.length - 1,
    }),
  );
  const words = [head, single].filter((part) => part !== undefined && part !== '').join(' ');
  const body = stacked(parts, 2);
  if (words === '') return body;
  return {
    svg: textAt({ text: words, x: 0, y: 11, size: 11.5, bold: true }) + moved(body, 0, 15),
    width: body.width,
    height: body.height + 15,
  };
}

function drawChart(
  { svg, width, height, x, y, heading }: Chart,
  at: { readonly room: number; readonly titled: boolean; readonly lowest: boolean },
): Fragment {
  const shown = heading !== undefined && y?.text !== heading;
  const top = shown ? 14 : 0;
  const bottom = x !== undefined && at.lowest ? 13 : 0;
  const parts = [
    shown ? textAt({ text: heading, x: at.room, y: 10, fill: 'var(--quiet)' }) : '',
    moved({ svg }, at.room, top),
    y !== undefined && at.titled
      ? textAt({ text: y.text, x: 9, y: top + y.at, anchor: 'middle', turned: true })
      : '',
    bottom > 0 ? textAt({ text: x!.text, x: at.room + x!.at, y: top + height + 9, anchor: 'middle' }) : '',
  ];
  return { svg: parts.join(''), width: width + at.room, height: top + height + bottom };
}
