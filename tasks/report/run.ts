import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { startDrawing } from './charts/draw.ts';
import { figureData } from './data/figure-data.ts';
import type { Section } from './figures/figure.ts';
import { figures } from './figures/index.ts';
import type { FigureName } from './figures/names.ts';
import { html } from './page/html.ts';
import { renderPage } from './page/page.ts';
import { doorTable } from './sections/door-table.ts';
import { glance } from './sections/glance.ts';
import { header } from './sections/header.ts';
import { leftOut } from './sections/left-out.ts';
import { pool } from './sections/pool.ts';
import { provenance } from './sections/provenance.ts';
import { readingGuide } from './sections/reading.ts';
import { tables } from './sections/tables.ts';
import { readStudy } from './study/read-study.ts';
import type { Study } from './study/study.ts';

interface Options {
  readonly title: string;
  readonly description: string;
  readonly figures: readonly FigureName[];
  readonly heatmap_images: number;
  readonly heatmap_ids: readonly string[];
  readonly heatmap_columns: number;
  readonly seed_axes: readonly string[];
}

/** Reads the gathered results and writes `report.html`. Equal inputs give equal bytes. */
export async function runReport(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const study = await readStudy(
    {
      scores: context.artifacts('scores'),
      previews: context.artifacts('previews'),
      tables: context.artifacts('tables'),
      models: context.artifacts('models'),
      absent: {
        scores: context.absent('scores'),
        others: ['previews', 'tables', 'models'].flatMap((input) => context.absent(input)),
      },
    },
    {
      title: options.title,
      description: options.description,
      limits: {
        heatmapImages: options.heatmap_images,
        heatmapIds: options.heatmap_ids,
        heatmapColumns: options.heatmap_columns,
      },
      seedAxes: options.seed_axes,
    },
  );
  context.signal.throwIfAborted();
  if (study.series.length === 0)
    context.log.warn('no score could be placed: the report has no figures of scores');
  const sections = await sectionsOf(study, options.figures);
  const page = renderPage({
    title: study.title,
    header: header(study),
    sections,
    footer: provenance(study),
    data: html`${doorTable(study)}${figureData(sections)}`,
  });
  await writeFile(join(context.output('page'), 'report.html'), page);
}

/** The answer first, then the figures, then what they rest on. Parts without inputs are left out. */
async function sectionsOf(study: Study, wanted: readonly FigureName[]): Promise<readonly Section[]> {
  const draw = startDrawing();
  const drawn: (Section | undefined)[] = [];
  for (const figure of figures)
    if (wanted.includes(figure.name)) drawn.push(await figure.render(study, draw));
  return [
    glance(study, draw),
    ...drawn,
    pool(study),
    leftOut(study),
    tables(study),
    readingGuide(study),
  ].filter((section) => section !== undefined);
}
