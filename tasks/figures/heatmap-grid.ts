import { join } from 'node:path';
import { chooseImages } from '../report/heatmaps/choose-images.ts';
import { imageScores, shownMetric } from '../report/heatmaps/image-score.ts';
import { methodLabel, metricLabel } from '../report/page/labels.ts';
import { scoreNumber, sparsityText } from '../report/page/numbers.ts';
import { distinct, sameSparsity } from '../report/study/lookup.ts';
import type { Line, Study } from '../report/study/study.ts';
import type { Cell } from '../sweet-spots/table-file.ts';
import type { DataTable } from './data-table.ts';
import { textAt } from './fragment.ts';
import type { Fragment } from './fragment.ts';
import { designedSize } from './paper.ts';
import type { Paper } from './paper.ts';

/** Widest side of an image in pixels: 600 dots an inch at an inch. */
const widest = 600;
/** Smaller ones are enlarged without smoothing, so that pixels stay pixels in every viewer. */
const least = 160;

export interface HeatmapGrid {
  /** `heatmaps-resnet20` */
  readonly name: string;
  readonly fragment: Fragment;
  readonly caption: string;
  /** What the numbers below the images are, and the class that each heatmap explains. */
  readonly data: DataTable;
}

/** The heatmaps of each model on paper: a row for each image and method, a column for each sparsity, the input first. */
export async function heatmapGrids(study: Study, paper: Paper): Promise<readonly HeatmapGrid[]> {
  const grids: HeatmapGrid[] = [];
  for (const line of study.lines) {
    const grid = await gridOf(study, line, paper);
    if (grid !== undefined) grids.push(grid);
  }
  return grids;
}

async function gridOf(study: Study, line: Line, paper: Paper): Promise<HeatmapGrid | undefined> {
  const own = study.previews.filter((set) => set.line === line);
  const [first] = own;
  if (first === undefined) return undefined;
  const sets = own.filter((set) => set.seed === first.seed);
  const sparsities = spread(distinct(sets.map(({ sparsity }) => sparsity)), study.limits.heatmapColumns);
  const methods = distinct(sets.map(({ method }) => method));
  const { heatmapImages: count, heatmapIds: ids } = study.limits;
  const { items } = chooseImages(first.items, { count, ids });
  const names = 26;
  const side = (paper.width - names - 4 * (sparsities.length + 1)) / (sparsities.length + 1);
  const scored = shownMetric(study);
  const row = side + (scored === undefined ? 4 : 14);
  const parts = ['input', ...sparsities].map((head, i) =>
    textAt({
      text: typeof head === 'string' ? head : head === 0 ? 'dense' : sparsityText(head),
      x: names + i * (side + 4) + side / 2,
      y: 10,
      anchor: 'middle',
    }),
  );
  const rows: { readonly [column: string]: Cell }[] = [];
  let y = 14;
  for (const item of items) {
    parts.push(await picture(join(first.dir, item.image), { x: names, y, side }));
    if (item.mask !== undefined && methods.length > 1)
      parts.push(await picture(join(first.dir, item.mask), { x: names, y: y + row, side }));
    for (const method of methods) {
      parts.push(...turnedLines(methodLabel(method), { y: y + side / 2, side, paper }));
      for (const [i, sparsity] of sparsities.entries()) {
        const set = sets.find((one) => one.method === method && sameSparsity(one.sparsity, sparsity));
        const shown = set?.items.find(({ id }) => id === item.id);
        if (set === undefined || shown === undefined) continue;
        const x = names + (i + 1) * (side + 4);
        parts.push(await picture(join(set.dir, shown.overlay), { x, y, side }));
        const at = { line, seed: set.seed, method, sparsity, id: item.id };
        const score = imageScores(study, at).find(({ metric }) => metric === scored);
        rows.push({
          ...{ model: line.model, variant: line.variant, seed: set.seed, sparsity, method },
          ...{ image: item.id, label: shown.label, target: shown.target },
          ...{ metric: scored ?? null, unit: score?.unit ?? null, value: score?.value ?? null },
        });
        if (score === undefined || score.value === null) continue;
        const text = scoreNumber(score.value, score.unit);
        parts.push(textAt({ text, x: x + side / 2, y: y + side + 9.5, size: 9.5, anchor: 'middle' }));
      }
      y += row;
    }
    y += 4;
  }
  const note = scored === undefined ? '' : `${metricLabel(scored)} of each image below it, %`;
  if (note !== '') parts.push(textAt({ text: note, x: names, y: y + 9, fill: 'var(--quiet)' }));
  const height = y + (note === '' ? 0 : 12);
  const name = `heatmaps-${[line.model, line.variant].filter((part) => part !== '').join('-')}`.replace(
    /[^\w-]+/g,
    '-',
  );
  const seed = first.seed === '' ? '' : `, seed ${first.seed}`;
  const masked = items.some(({ mask }) => mask !== undefined) && methods.length > 1;
  const caption = `Heatmaps of ${line.label} over the input, sparsity by column and method by row${seed}.${masked ? ' Below each input the mask of its object.' : ''}`;
  const fragment = { svg: parts.join(''), width: paper.width, height };
  return { name, fragment, caption, data: { columns, rows } };
}

/** A method's name beside its row, in two lines where it is longer than the row is high. */
function turnedLines(
  label: string,
  { y, side, paper }: { readonly y: number; readonly side: number; readonly paper: Paper },
): readonly string[] {
  const wide = paper.typeface.widthOf(label, { size: designedSize, bold: false });
  const words = label.split(' ');
  const lines = wide <= side || words.length < 2 ? [label] : [words.slice(0, -1).join(' '), words.at(-1)!];
  return lines.map((text, i) =>
    textAt({ text, x: 9 + (i + 2 - lines.length) * 11.5, y, anchor: 'middle', turned: true }),
  );
}

/** So many of them at most, evenly, the first and the last among them. */
function spread(all: readonly number[], most: number): readonly number[] {
  const ascending = [...all].sort((a, b) => a - b);
  const count = Math.min(most, ascending.length);
  return distinct(
    Array.from(
      { length: count },
      (_, i) => ascending[Math.round((i * (ascending.length - 1)) / Math.max(1, count - 1))]!,
    ),
  );
}

async function picture(
  file: string,
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: number },
): Promise<string> {
  const { default: sharp } = await import('sharp');
  const { width, height } = await sharp(file).metadata();
  const longer = Math.max(width, height);
  const size = longer > widest ? widest : longer < least ? longer * Math.ceil(least / longer) : longer;
  const kernel = longer < least ? ('nearest' as const) : ('lanczos3' as const);
  const bytes = await sharp(file).resize(size, size, { fit: 'inside', kernel }).png().toBuffer();
  const place = `x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${side.toFixed(2)}" height="${side.toFixed(2)}"`;
  return `<image ${place} xlink:href="data:image/png;base64,${bytes.toString('base64')}"/>`;
}

const columns = [
  { name: 'model', type: 'STRING' },
  { name: 'variant', type: 'STRING' },
  { name: 'seed', type: 'STRING' },
  { name: 'sparsity', type: 'DOUBLE' },
  { name: 'method', type: 'STRING' },
  { name: 'image', type: 'STRING' },
  { name: 'label', type: 'STRING' },
  { name: 'target', type: 'STRING' },
  { name: 'metric', type: 'STRING' },
  { name: 'unit', type: 'STRING' },
  { name: 'value', type: 'DOUBLE' },
] as const;
