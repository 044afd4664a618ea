import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { BootstrapOptions } from '../../vision/statistics/bootstrap.ts';
import { collectReadings } from '../readings/collect-readings.ts';
import { pointIntervals } from '../readings/point-interval.ts';
import type { PointInterval } from '../readings/point-interval.ts';
import { seriesOf } from '../readings/series.ts';
import type { Series, SeriesPoint } from '../readings/series.ts';
import type { Cell, TableFile } from '../sweet-spots/table-file.ts';
import { csvOf } from './csv.ts';
import { scoresParquet } from './parquet.ts';
import type { ReadingsOf } from './parquet.ts';

interface Options extends Required<BootstrapOptions> {
  readonly seed_axes: readonly string[];
}

const columns = [
  'model',
  'variant',
  'measure',
  'metric',
  'method',
  'set',
  'control',
  'unit',
  'sparsity',
  'mean',
  'low',
  'high',
  'seeds',
  'images',
  'left out',
] as const;

/** Reads the gathered scores and writes `table.json`, `results.csv` and `scores.parquet`. */
export async function runResults(context: TaskContext): Promise<void> {
  const { seed_axes: seedAxes, ...bootstrap } = context.options as unknown as Options;
  const found = await collectReadings(context.artifacts('scores'), seedAxes);
  if (found.withoutSparsity > 0)
    context.log.warn(`left out, as their sparsity is not known: ${found.withoutSparsity} of the scores`);
  context.signal.throwIfAborted();
  const intervalOf = pointIntervals(bootstrap);
  const groups: readonly ReadingsOf[] = [{ control: null, readings: found.readings }, ...found.controls];
  const rows = groups.flatMap(({ control, readings }) =>
    seriesOf(readings).flatMap((series) =>
      series.points.map((point) => row({ series, point, control, intervalOf })),
    ),
  );
  const file: TableFile = {
    format: 1,
    title: 'Results',
    columns: columns.map((name) => ({ name })),
    rows,
    notes: [
      `low and high: the ${Number((bootstrap.confidence * 100).toFixed(2))} % interval over images (percentile bootstrap, ${bootstrap.resamples} resamples, seed ${bootstrap.seed}); an image's value is its mean over seeds. Empty where fewer than two images have a value.`,
      'images: values in all runs together. left out: images without a value, or with one that says nothing, by the name of the case.',
    ],
  };
  const dir = context.output('table');
  await writeFile(join(dir, 'table.json'), `${JSON.stringify(file, null, 1)}\n`);
  await writeFile(join(dir, 'results.csv'), csvOf([columns, ...rows]));
  await writeFile(join(dir, 'scores.parquet'), scoresParquet(groups));
}

interface RowRequest {
  readonly series: Series;
  readonly point: SeriesPoint;
  readonly control: string | null;
  readonly intervalOf: PointInterval;
}

function row({ series, point, control, intervalOf }: RowRequest): readonly Cell[] {
  const interval = intervalOf(point);
  const valued = point.runs.reduce(
    (sum, run) => sum + run.values.filter((value) => value !== null).length,
    0,
  );
  return [
    series.model,
    series.variant,
    series.measure,
    series.metric,
    series.method ?? null,
    series.set ?? null,
    control,
    series.unit,
    point.sparsity,
    point.summary?.mean ?? null,
    interval?.low ?? null,
    interval?.high ?? null,
    point.runs.length,
    valued,
    leftOut(point),
  ];
}

function leftOut({ runs }: SeriesPoint): string | null {
  const names = [...new Set(runs.flatMap(({ cases }) => Object.keys(cases)))].filter(
    (name) => name !== 'measured',
  );
  const counts = names.map(
    (name) => `${name}: ${runs.reduce((sum, { cases }) => sum + (cases[name] ?? 0), 0)}`,
  );
  return counts.length === 0 ? null : counts.join('; ');
}
