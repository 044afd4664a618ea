import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { results } from '../../../tasks/results/index.ts';
import { csvOf } from '../../../tasks/results/csv.ts';
import { readTableFile } from '../../../tasks/sweet-spots/table-file.ts';
import { artifactAt, runKind } from '../support/run-kind.ts';

interface Given {
  readonly seed: number;
  readonly values: readonly (number | null)[];
  readonly control?: string;
  readonly images?: readonly string[];
}

async function scores({ seed, values, control, images }: Given): Promise<InputArtifact> {
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-results-'));
  const there = values.filter((value) => value !== null);
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length;
  const lacking = values.length - there.length;
  const file = {
    format: 1,
    measure: 'localisation',
    about: {},
    items: values.map((_, i) => `image ${i}`),
    metrics: { rma: { unit: 'fraction', higherIsBetter: true, mean, values } },
    ...(images === undefined ? {} : { groups: { image: images } }),
    notes: { rma: { measured: there.length, ...(lacking === 0 ? {} : { 'empty-mask': lacking }) } },
  };
  await writeFile(join(dir, 'scores.json'), JSON.stringify(file));
  const facts = { model: 'resnet20', method: 'grad-cam', sparsity: 0.2 };
  return {
    ...artifactAt(dir, { ...facts, ...(control === undefined ? {} : { control }) }),
    coordinates: { seed, pool: 1 },
  };
}

async function table(given: readonly Given[]) {
  const gathered = { scores: await Promise.all(given.map(scores)) };
  const { dir } = (await runKind({ kind: results, gathered })).outputs['table']!;
  const { columns, rows } = await readTableFile(dir);
  const csv = await readFile(join(dir, 'results.csv'), 'utf8');
  return {
    csv,
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]]))),
  };
}

describe('results', () => {
  it('has a row for each score with its interval over images and what was left out', async () => {
    const { rows, csv } = await table([
      { seed: 0, values: [0.1, 0.5, 0.9, null] },
      { seed: 1, values: [0.3, 0.5, 0.7, null] },
      { seed: 0, values: [0.1, 0.1, 0.1, 0.1], control: 'randomised-weights' },
    ]);
    expect(rows).toHaveLength(2);
    const [own, control] = rows;
    expect(own).toMatchObject({ model: 'resnet20', metric: 'rma', method: 'grad-cam', control: null });
    expect(own).toMatchObject({ sparsity: 0.2, seeds: 2, images: 6, 'left out': 'empty-mask: 2' });
    expect(own!['mean']).toBeCloseTo(0.5, 12);
    // The images' means over seeds are 0.2, 0.5 and 0.8: a resample of three has all of one in 1 of 27 draws.
    expect(own!['low']).toBeCloseTo(0.2, 12);
    expect(own!['high']).toBeCloseTo(0.8, 12);
    expect(control).toMatchObject({ control: 'randomised-weights', seeds: 1, 'left out': null });
    expect(control!['low']).toBeCloseTo(0.1, 12);
    expect(csv.split('\n')[0]).toContain('mean,low,high,seeds,images,left out');
    expect(csv.split('\n')).toHaveLength(4);
  });

  it('has no interval of one image, and draws images whole where items are objects', async () => {
    const one = await table([{ seed: 0, values: [0.5, null] }]);
    expect(one.rows[0]).toMatchObject({ mean: 0.5, low: null, high: null });
    const objects = await table([{ seed: 0, values: [0, 0, 1, 1], images: ['a', 'a', 'b', 'b'] }]);
    expect(objects.rows[0]).toMatchObject({ low: 0, high: 1 });
  });

  it('quotes what a spreadsheet would tear apart', () => {
    expect(csvOf([['a,b', 'say "no"', null, 1.5, 'x\ny']])).toBe('"a,b","say ""no""",,1.5,"x\ny"\n');
  });
});
