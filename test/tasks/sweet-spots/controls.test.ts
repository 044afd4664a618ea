import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { Coordinates } from '../../../engine/contract/scalar.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { sweetSpots } from '../../../tasks/sweet-spots/index.ts';
import type { DecidedPoint } from '../../../tasks/sweet-spots/decision.ts';
import { readSweetSpots } from '../../../tasks/sweet-spots/read-sweet-spots.ts';
import { readTableFile } from '../../../tasks/sweet-spots/table-file.ts';
import type { TableFile } from '../../../tasks/sweet-spots/table-file.ts';
import { gatheringContext } from '../report/context.ts';

const images = Array.from({ length: 40 }, (_, i) => `img-${i}`);

interface Planted {
  readonly pool: number;
  readonly rma: number;
  readonly control?: string;
  readonly seed?: number;
  readonly axes?: Coordinates;
}

/** Scores around a mean, rising over the images; what a control is named is a fact. */
async function planted(
  dir: string,
  { pool, rma, control, seed = 0, axes = {} }: Planted,
): Promise<InputArtifact> {
  const values = images.map((_, i) => rma + i / 400 + 0.01 * ((i + pool) % 2));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const file = {
    format: 1,
    measure: 'localisation',
    about: {},
    items: images,
    metrics: { rma: { unit: 'fraction', higherIsBetter: true, mean, values } },
  };
  const coordinates = { seed, pool, ...axes };
  const at = join(dir, digestOf(JSON.stringify([coordinates, control, rma])).replace(/\W/g, ''));
  await mkdir(at);
  await writeFile(join(at, 'scores.json'), JSON.stringify(file));
  const facts = { model: 'resnet20', method: 'grad-cam', sparsity: 1 - 0.8 ** pool };
  return {
    digest: digestOf(at),
    coordinates,
    facts: { ...facts, ...(control === undefined ? {} : { control }) },
    dir: at,
  };
}

async function decide(
  scores: readonly Planted[],
  controls: readonly Planted[],
): Promise<{ points: readonly DecidedPoint[]; table: TableFile; warnings: readonly string[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'sweet-controls-'));
  const write = (all: readonly Planted[]) => Promise.all(all.map((each) => planted(dir, each)));
  const inputs = { scores: await write(scores), controls: await write(controls) };
  const { context, warnings } = await gatheringContext({ kind: sweetSpots, inputs, options: {}, dir });
  await (
    await sweetSpots.load()
  )(context);
  const output = context.output('table');
  const outcome = (await readSweetSpots(output))!.decisions[0]!.outcome;
  return {
    points: outcome.kind === 'decided' ? outcome.points : [],
    table: await readTableFile(output),
    warnings,
  };
}

const scores: readonly Planted[] = [
  { pool: 0, rma: 0.4 },
  { pool: 1, rma: 0.5 },
  { pool: 2, rma: 0.3 },
];
const random = (pool: number, rma: number, more: Partial<Planted> = {}): Planted => ({
  pool,
  rma,
  control: 'randomised-weights',
  ...more,
});

describe('controls of sweet spots', () => {
  it('pass where they neither are as good nor gain as much', async () => {
    const { points, table } = await decide(scores, [random(0, 0.2), random(1, 0.2), random(2, 0.2)]);
    expect(points.map(({ controls }) => controls.map(({ verdict }) => verdict))).toEqual([
      [],
      ['passed'],
      [],
    ]);
    const [check] = points[1]!.controls;
    expect(check!.images).toBe(40);
    expect(check!.level![0]).toBeCloseTo(0.3, 9);
    expect(check!.gain![0]).toBeCloseTo(0.1, 9);
    expect(cells(table, 'controls')).toEqual([null, 'passed', null]);
    expect(table.notes.join()).toContain('Controls (randomised-weights)');
  });

  it('fail by name where one gains as much, whatever the others say', async () => {
    const others: Planted[] = [0, 1].map((pool) => ({ pool, rma: 0.2, control: 'shuffled-masks' }));
    const { points, table } = await decide(scores, [random(0, 0.2), random(1, 0.3), ...others]);
    expect(points[1]!.verdict).toBe('sweet-spot');
    expect(points[1]!.controls.map(({ control, verdict }) => [control, verdict])).toEqual([
      ['randomised-weights', 'failed'],
      ['shuffled-masks', 'passed'],
    ]);
    expect(cells(table, 'controls')[1]).toBe('failed (randomised-weights)');
  });

  it('are not asked where none was given, or none at that sparsity', async () => {
    const without = await decide(scores, []);
    expect(cells(without.table, 'controls')).toEqual([null, 'not asked', null]);
    expect(without.table.notes.join()).toContain('none was given');
    const elsewhere = await decide(scores, [random(0, 0.2), random(2, 0.2)]);
    expect(elsewhere.points[1]!.controls[0]!.verdict).toBe('no-values');
    expect(cells(elsewhere.table, 'controls')[1]).toBe('not asked');
  });

  it('are told apart by their own axes', async () => {
    const layers = (count: number, rma: readonly [number, number]): Planted[] =>
      [0, 1].map((pool) => random(pool, rma[pool]!, { axes: { layers: count } }));
    const { points } = await decide(scores, [...layers(1, [0.3, 0.45]), ...layers(9, [0.2, 0.2])]);
    expect(points[1]!.controls.map(({ control, verdict }) => [control, verdict])).toEqual([
      ['randomised-weights (layers=1)', 'failed'],
      ['randomised-weights (layers=9)', 'passed'],
    ]);
  });

  it('may have other seeds than the scores', async () => {
    const seeds = [0, 1, 2].flatMap((seed) => scores.map((score) => ({ ...score, seed })));
    const { points } = await decide(seeds, [random(0, 0.2, { seed: 7 }), random(1, 0.2, { seed: 7 })]);
    expect(points[1]!.controls[0]!.verdict).toBe('passed');
  });

  it('are compared seed by seed: one that gains with a seed is not passed by luck of the others', async () => {
    const seeds = [0, 1, 2].flatMap((seed) => scores.map((score) => ({ ...score, seed })));
    const gaining = (gains: readonly number[], first: number): Planted[] =>
      gains.flatMap((gain, i) => [0, 1].map((pool) => random(pool, 0.2 + pool * gain, { seed: first + i })));
    const paired = await decide(seeds, gaining([0, 0.15, 0], 0));
    expect(paired.points[1]!.controls[0]!.verdict).toBe('failed');
    // Of other seeds only the means are known.
    const unpaired = await decide(seeds, gaining([0, 0.15, 0], 7));
    expect(unpaired.points[1]!.controls[0]!.verdict).toBe('passed');
    expect(unpaired.points[1]!.controls[0]!.gain![0]).toBeCloseTo(paired.points[1]!.controls[0]!.gain![0], 9);
  });

  it('are known by their fact, wherever they are given', async () => {
    const mixed = await decide([...scores, random(0, 0.2), random(1, 0.3)], []);
    expect(mixed.points).toHaveLength(3);
    expect(cells(mixed.table, 'controls')[1]).toBe('failed (randomised-weights)');
    const stray = await decide(scores, [{ pool: 1, rma: 0.9 }]);
    expect(stray.warnings.join()).toContain('no controls: 1');
    expect(stray.points[1]!.gain).toBeCloseTo(0.1, 9);
  });
});

function cells({ columns, rows }: TableFile, name: string): readonly unknown[] {
  const place = columns.findIndex((column) => column.name === name);
  return rows.map((row) => row[place]);
}
