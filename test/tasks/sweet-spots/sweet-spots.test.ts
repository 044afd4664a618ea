import { mkdtemp, readFile, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { Coordinates, Facts } from '../../../engine/contract/scalar.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import type { ScoresFile } from '../../../tasks/readings/scores-file.ts';
import { sweetSpots } from '../../../tasks/sweet-spots/index.ts';
import type { DecidedPoint } from '../../../tasks/sweet-spots/decision.ts';
import { readSweetSpots } from '../../../tasks/sweet-spots/read-sweet-spots.ts';
import { readTableFile } from '../../../tasks/sweet-spots/table-file.ts';
import { table } from '../../../tasks/types/table.ts';
import { gatheringContext } from '../report/context.ts';

const images = Array.from({ length: 40 }, (_, i) => `img-${i}`);

interface Planted {
  readonly seed: number;
  readonly pool: number;
  /** Added to every image's dense value, which rises from 0.2 to 0.6 over the images. */
  readonly gain: number;
  readonly items?: readonly string[];
  readonly higherIsBetter?: boolean;
}

function planted({ seed, pool, gain, items = images, higherIsBetter = true }: Planted): Scored {
  const values = items.map(
    (item) =>
      0.2 +
      (0.4 * images.indexOf(item)) / images.length +
      gain +
      (pool > 0 ? 0.01 * (images.indexOf(item) % 2) : 0),
  );
  return {
    coordinates: { seed, method: 'grad-cam', pool },
    facts: { model: 'resnet20', sparsity: 1 - 0.8 ** pool, method: 'grad-cam' },
    file: {
      format: 1,
      measure: 'localisation',
      about: {},
      items,
      metrics: {
        rma: {
          unit: 'fraction',
          higherIsBetter,
          mean: values.reduce((a, b) => a + b, 0) / values.length,
          values,
        },
      },
    },
  };
}

interface Scored {
  readonly coordinates: Coordinates;
  readonly facts: Facts;
  readonly file: ScoresFile;
}

async function decide(
  scored: readonly Scored[],
): Promise<{ dir: string; points: readonly DecidedPoint[]; warnings: readonly string[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'sweet-spots-'));
  const scores: InputArtifact[] = [];
  for (const [i, { coordinates, facts, file }] of scored.entries()) {
    const at = join(dir, `in-${i}`);
    await mkdir(at);
    const text = JSON.stringify(file);
    await writeFile(join(at, 'scores.json'), text);
    scores.push({ digest: digestOf(text), coordinates, facts, dir: at });
  }
  const { context, warnings } = await gatheringContext({
    kind: sweetSpots,
    inputs: { scores },
    options: {},
    dir,
  });
  await (
    await sweetSpots.load()
  )(context);
  const output = context.output('table');
  const outcome = (await readSweetSpots(output))?.decisions[0]?.outcome;
  return { dir: output, points: outcome?.kind === 'decided' ? outcome.points : [], warnings };
}

describe('sweet-spots', () => {
  it('finds the sparsity at which every seed gains, and no other', async () => {
    const { points } = await decide([
      planted({ seed: 0, pool: 0, gain: 0 }),
      planted({ seed: 0, pool: 1, gain: 0.05 }),
      planted({ seed: 0, pool: 2, gain: -0.1 }),
      planted({ seed: 1, pool: 0, gain: 0.01 }),
      planted({ seed: 1, pool: 1, gain: 0.07 }),
      planted({ seed: 1, pool: 2, gain: -0.1 }),
    ]);
    expect(points.map((point) => point.verdict)).toEqual(['dense', 'sweet-spot', 'not-better']);
    expect(points[1]?.gain).toBeCloseTo(0.06, 9);
    expect(points[1]?.seedGains.map((gain) => Number(gain.toFixed(6)))).toEqual([0.055, 0.065]);
    expect(points[1]?.imageInterval?.[0]).toBeGreaterThan(0.05);
    // Two seeds tell little of others: a gain of 6 is anything from 1 to 11.
    const [low, high] = points[1]!.interval!;
    expect(low).toBeGreaterThan(0);
    expect(high - low).toBeGreaterThan(0.05);
    expect(points[1]!.p).toBeLessThan(0.025);
    expect(points[0]).toMatchObject({ interval: null, p: null });
  });

  it('does not believe a gain that only one seed has', async () => {
    const { points } = await decide([
      planted({ seed: 0, pool: 0, gain: 0 }),
      planted({ seed: 0, pool: 1, gain: 0.1 }),
      planted({ seed: 1, pool: 0, gain: 0 }),
      planted({ seed: 1, pool: 1, gain: -0.05 }),
    ]);
    expect(points[1]?.verdict).toBe('within-seeds');
  });

  it('pairs images by id, whatever their order', async () => {
    const backwards = [...images].reverse();
    const straight = await decide([
      planted({ seed: 0, pool: 0, gain: 0 }),
      planted({ seed: 0, pool: 1, gain: 0.02 }),
    ]);
    const mixed = await decide([
      planted({ seed: 0, pool: 0, gain: 0 }),
      planted({ seed: 0, pool: 1, gain: 0.02, items: backwards }),
    ]);
    expect(mixed.points).toEqual(straight.points);
  });

  it('compares on the images that all models scored', async () => {
    const { points } = await decide([
      planted({ seed: 0, pool: 0, gain: 0 }),
      planted({ seed: 0, pool: 1, gain: 0.02, items: images.slice(5) }),
    ]);
    expect(points[1]).toMatchObject({ images: images.length - 5, missing: 5 });
    expect(points[1]?.gain).toBeCloseTo(0.025, 3);
  });

  it('turns gains round where less is better', async () => {
    const { points } = await decide([
      planted({ seed: 0, pool: 0, gain: 0, higherIsBetter: false }),
      planted({ seed: 0, pool: 1, gain: -0.05, higherIsBetter: false }),
    ]);
    expect(points[1]?.verdict).toBe('sweet-spot');
    expect(points[1]?.gain).toBeGreaterThan(0);
  });

  it('says what it could not decide, and leaves out what has no sparsity', async () => {
    const lost = planted({ seed: 0, pool: 2, gain: 0 });
    const { dir, warnings } = await decide([
      planted({ seed: 0, pool: 1, gain: 0 }),
      planted({ seed: 0, pool: 2, gain: 0 }),
      { ...lost, facts: { model: 'resnet20' } },
    ]);
    expect(warnings.join()).toContain('not known: 1 of');
    expect((await readTableFile(dir)).notes.join()).toContain('no dense model');
  });

  it('writes a table of its type, the same bytes each time', async () => {
    const scored = [planted({ seed: 0, pool: 0, gain: 0 }), planted({ seed: 0, pool: 1, gain: 0.05 })];
    const [first, second] = [await decide(scored), await decide(scored)];
    expect(await table.check(first.dir)).toEqual([]);
    for (const file of ['table.json', 'sweet-spots.json']) {
      expect(await readFile(join(first.dir, file), 'utf8')).toBe(
        await readFile(join(second.dir, file), 'utf8'),
      );
    }
    const { columns, rows } = await readTableFile(first.dir);
    const verdict = columns.findIndex((column) => column.name === 'verdict');
    expect(rows.map((row) => row[verdict])).toEqual(['dense', 'sweet-spot']);
  });
});
