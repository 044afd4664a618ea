import type { JsonObject } from '../../cache/json.ts';
import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { report } from '../report/index.ts';

/** What both kinds ask the same of. */
const shared = report.options['properties'] as { readonly [option: string]: JsonObject };

/** The report's figures as files for a paper, each with the data behind it. */
export const figures: TaskKind = {
  kind: 'figures',
  summary:
    "The report's figures for a paper: each as SVG, PDF and PNG, the data behind it as CSV and Parquet.",
  // 4: PDF files.
  version: 5,
  options: {
    type: 'object',
    properties: {
      width: {
        enum: ['column', 'page'],
        default: 'page',
        description: 'How wide figures may be: a single column (85 mm) or a page (178 mm).',
      },
      font: {
        enum: ['sans', 'serif'],
        default: 'sans',
        description: "Letters: Helvetica's or Times' widths.",
      },
      font_size: {
        type: 'number',
        minimum: 5,
        maximum: 12,
        default: 7,
        description: 'Size of letters in points.',
      },
      dpi: {
        type: 'integer',
        minimum: 72,
        maximum: 1200,
        default: 400,
        description: 'Dots an inch of the PNG files.',
      },
      text: {
        enum: ['text', 'outlines'],
        default: 'text',
        description: 'Of the SVG files: text that can be edited, or outlines that look the same everywhere.',
      },
      figures: shared['figures']!,
      heatmap_images: shared['heatmap_images']!,
      heatmap_ids: shared['heatmap_ids']!,
      heatmap_columns: shared['heatmap_columns']!,
      seed_axes: shared['seed_axes']!,
    },
    additionalProperties: false,
  },
  inputs: report.inputs,
  anytime: true,
  outputs: {
    figures: {
      type: 'figures',
      summary:
        'NAME.svg, NAME.pdf, NAME.png, NAME.csv, NAME.parquet of each figure; captions.md; scores.csv and scores.parquet of all.',
    },
  },
  resources: { slots: 0, cpu: 1 },
  smoke: (options) => ({ ...options, dpi: 72 }),
  load: async (): Promise<RunTask> => (await import('./run.ts')).runFigures,
};
