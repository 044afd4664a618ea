import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { startDrawing } from '../report/charts/draw.ts';
import type { Draw } from '../report/charts/draw.ts';
import { scoreColumns } from '../report/data/columns.ts';
import { scoreRows } from '../report/data/score-rows.ts';
import { sourcesFile } from '../report/dress/measured.ts';
import type { Section } from '../report/figures/figure.ts';
import { figures } from '../report/figures/index.ts';
import type { FigureName } from '../report/figures/names.ts';
import { glance } from '../report/sections/glance.ts';
import { readStudy } from '../report/study/read-study.ts';
import type { Study } from '../report/study/study.ts';
import { composeFigure, paperSvg } from './compose.ts';
import { writeDataTable } from './data-table.ts';
import type { DataTable } from './data-table.ts';
import { readMarkup, wordsOf } from './element.ts';
import { heatmapGrids } from './heatmap-grid.ts';
import { outlineText } from './outline-text.ts';
import { pdfOf } from './pdf/pdf-of.ts';
import { chartWidth, paperOf, widthsMm } from './paper.ts';
import type { Paper } from './paper.ts';
import { typefaceOf } from './typeface.ts';
import type { FamilyName } from './typeface.ts';

interface Options {
  readonly width: keyof typeof widthsMm;
  readonly font: FamilyName;
  readonly font_size: number;
  readonly dpi: number;
  readonly text: 'text' | 'outlines';
  readonly figures: readonly FigureName[];
  readonly heatmap_images: number;
  readonly heatmap_ids: readonly string[];
  readonly heatmap_columns: number;
  readonly seed_axes: readonly string[];
}

/** A figure on paper, before it is written. */
interface PaperFigure {
  readonly name: string;
  readonly svg: string;
  readonly caption: string;
  readonly data: DataTable | undefined;
}

/** Writes each figure of the report as files for a paper. Equal inputs give equal bytes, whatever fonts the machine has. */
export async function runFigures(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const study = await studyOf(context, options);
  const dir = context.output('figures');
  const typeface = typefaceOf(options.font);
  const paper = paperOf({ widthMm: widthsMm[options.width], fontPt: options.font_size, typeface });
  const captions: string[] = [];
  const made = await paperFigures(study, options.figures, paper);
  for (const [i, { name, svg, caption, data }] of made.entries()) {
    context.signal.throwIfAborted();
    const outlined = outlineText(svg, typeface);
    await writeFile(join(dir, `${name}.svg`), options.text === 'outlines' ? outlined : svg);
    await writeFile(join(dir, `${name}.pdf`), await pdfOf(svg, name, typeface));
    await writeFile(join(dir, `${name}.png`), await pngOf(outlined, options.dpi));
    if (data !== undefined) await writeDataTable(dir, name, data);
    captions.push(`**${name}.** ${caption}\n`);
    context.progress({ done: i + 1, of: made.length, unit: 'figures' });
  }
  if (made.length === 0) context.log.warn('no figure could be drawn: nothing was scored');
  await writeFile(join(dir, 'captions.md'), captions.join('\n'));
  await writeDataTable(dir, 'scores', {
    columns: scoreColumns,
    rows: asCells(scoreRows(study, study.series)),
  });
  await writeFile(join(dir, sourcesFile), JSON.stringify(study.doors.table));
}

function studyOf(context: TaskContext, options: Options): Promise<Study> {
  return readStudy(
    {
      scores: context.artifacts('scores'),
      previews: context.artifacts('previews'),
      tables: context.artifacts('tables'),
      models: context.artifacts('models'),
      absent: { scores: context.absent('scores'), others: [] },
    },
    {
      title: '',
      description: '',
      limits: {
        heatmapImages: options.heatmap_images,
        heatmapIds: options.heatmap_ids,
        heatmapColumns: options.heatmap_columns,
      },
      seedAxes: options.seed_axes,
    },
  );
}

async function paperFigures(
  study: Study,
  wanted: readonly FigureName[],
  paper: Paper,
): Promise<readonly PaperFigure[]> {
  const found = await paperFiguresOf(paper, (draw) => glance(study, draw));
  for (const figure of figures) {
    if (!wanted.includes(figure.name)) continue;
    const made =
      figure.name === 'heatmaps'
        ? await heatmapsOf(study, paper)
        : await paperFiguresOf(paper, (draw) => figure.render(study, draw));
    found.push(...made);
  }
  return found;
}

type Render = (draw: Draw) => Promise<Section | undefined> | Section | undefined;

/** Rendered twice: how wide charts are depends on how many there are. */
async function paperFiguresOf(paper: Paper, render: Render): Promise<PaperFigure[]> {
  const section = await render(startDrawing());
  if (section === undefined) return [];
  const grids = [...readMarkup(section.body.markup).querySelectorAll('.panels, .columns')];
  const panels = Math.max(1, ...grids.map((grid) => [...grid.children].length));
  const width = (designed: number): number => chartWidth(paper, designed, panels);
  const onPaper = await render(startDrawing({ width }));
  return onPaper === undefined ? [] : figuresOf(onPaper, paper);
}

/** A section has one figure or several: `sweet-spots`, `sweet-spots-2`. */
function figuresOf(section: Section, paper: Paper): PaperFigure[] {
  const elements = [...readMarkup(section.body.markup).querySelectorAll('figure')];
  return elements
    .flatMap((element) => composeFigure(element, paper).map((svg, part) => ({ element, svg, part })))
    .map(({ element, svg, part }, i) => {
      const caption = element.querySelector('figcaption');
      const told = caption === null ? section.title : wordsOf(caption);
      return {
        name: i === 0 ? section.id : `${section.id}-${i + 1}`,
        svg,
        caption: part === 0 ? told : `Continued. ${told}`,
        // Several figures of a section show the same data.
        data: i > 0 ? undefined : section.data && { columns: scoreColumns, rows: asCells(section.data) },
      };
    });
}

async function heatmapsOf(study: Study, paper: Paper): Promise<PaperFigure[]> {
  const grids = await heatmapGrids(study, paper);
  return grids.map(({ name, fragment, caption, data }) => {
    return { name, svg: paperSvg(fragment, paper), caption, data };
  });
}

function asCells(rows: readonly object[]): DataTable['rows'] {
  return rows as DataTable['rows'];
}

/** Text has to be outlines: what a machine has for fonts must not show. */
async function pngOf(svg: string, dpi: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const inPixels = svg.replace(/(width|height)="([\d.]+)mm"/g, (_, side: string, mm: string) => {
    return `${side}="${Math.round((Number(mm) / 25.4) * dpi)}"`;
  });
  // Embedded photographs make long documents, which are refused unless it is said that they are meant.
  const image = sharp(Buffer.from(inPixels), { unlimited: true });
  return image.flatten({ background: '#fff' }).withMetadata({ density: dpi }).png().toBuffer();
}
