import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ImageSet, Raster } from '../../../vision/data/image-set.ts';
import { paintAt } from '../../../vision/data/shapes/figure.ts';
import { figures } from '../../../vision/data/shapes/figures/index.ts';
import { usualLooks } from '../../../vision/data/shapes/looks.ts';
import { conflictingTexture } from '../../../vision/data/shapes/ood/cue-conflict.ts';
import { openShapesOod } from '../../../vision/data/shapes/ood/ood-set.ts';
import { openShapes } from '../../../vision/data/shapes/shapes-set.ts';
import { indicesIn } from '../../../vision/localisation/regions.ts';
import { categories } from '../../../vision/ood/categories.ts';
import { oodSets } from '../../../vision/ood/sets.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const train = openShapes({ split: 'train', size: 32, count: 32, seed: 0 });
const masks = openShapes({ split: 'masks', size: 64, count: 48, seed: 0 });

async function digest(set: ImageSet): Promise<string> {
  const hash = createHash('sha256');
  for (const index of set.records.keys()) hash.update((await set.image(index)).data);
  return hash.digest('hex').slice(0, 16);
}

describe('shapes', () => {
  it('draws the same bytes on every machine', async () => {
    // A change here is a change of the data: bump the adapter's version with it.
    expect(await digest(train)).toMatchInlineSnapshot(`"e826cc8f91ed1217"`);
  });

  it('draws other images for another seed and another split, and any image without the others', async () => {
    const other = openShapes({ split: 'train', size: 32, count: 32, seed: 1 });
    const validation = openShapes({ split: 'validation', size: 32, count: 32, seed: 0 });
    const digests = await Promise.all([train, other, validation].map(digest));
    expect(new Set(digests).size).toBe(3);
    const longer = openShapes({ split: 'train', size: 32, count: 500, seed: 0 });
    expect(await longer.image(31)).toEqual(await train.image(31));
  });

  it('has as many images of each category, named by number and category', () => {
    const counts = categories.map(
      (_, label) => train.records.filter((record) => record.label === label).length,
    );
    expect(counts).toEqual(categories.map(() => 2));
    expect(train.records[17]!.id).toBe('train/000017-bear');
    expect(train.classes).toEqual(categories);
  });

  it('gives a mask of the objects, and a box around each', async () => {
    let several = 0;
    for (const [index, record] of masks.records.entries()) {
      const mask = (await masks.mask!(index))!;
      const share = mask.data.filter((value) => value > 0).length / mask.data.length;
      expect(share).toBeGreaterThan(0.02);
      expect(share).toBeLessThan(0.85);
      expect(indicesIn(mask.data)).toHaveLength(record.boxes!.length);
      if (record.boxes!.length > 1) several += 1;
      expect(record.boxes!.every((box) => box.category === categories[record.label])).toBe(true);
      // The boxes together are exactly as large as the mask.
      const [xs, ys] = [columnsOf(mask), rowsOf(mask)];
      expect(Math.min(...record.boxes!.map((box) => box.x0))).toBe(xs[0]);
      expect(Math.max(...record.boxes!.map((box) => box.x1))).toBe(xs[1]);
      expect(Math.min(...record.boxes!.map((box) => box.y0))).toBe(ys[0]);
      expect(Math.max(...record.boxes!.map((box) => box.y1))).toBe(ys[1]);
    }
    expect(several).toBeGreaterThan(4);
    expect(several).toBeLessThan(30);
  });

  it.each(categories)('draws every %s within its frame, none like the other', (category) => {
    const drawings = [1, 2, 3].map((seed) => {
      const figure = figures[category](randomFrom(seed));
      const cells: string[] = [];
      for (let y = -1.3; y < 1.3; y += 0.05) {
        for (let x = -1.3; x < 1.3; x += 0.05) {
          const paint = paintAt(figure, x, y);
          if (paint !== undefined) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(1.15);
          cells.push(paint ?? '');
        }
      }
      return cells.join();
    });
    expect(new Set(drawings).size).toBe(3);
  });

  it('gives each category a texture of its own', () => {
    expect(new Set(categories.map((category) => usualLooks[category].texture)).size).toBe(16);
  });
});

describe('the 17 sets made from shapes', () => {
  it.each(oodSets)('$name: balanced, with its conditions, the same again', async ({ name, conditions }) => {
    const count = 16 * Math.max(1, conditions.length);
    const open = () => openShapesOod({ set: name, size: 32, count, seed: 0 });
    const set = open();
    expect(new Set(set.records.map(({ id }) => id)).size).toBe(count);
    expect(new Set(set.records.map(({ condition }) => condition))).toEqual(
      new Set(conditions.length === 0 ? [undefined] : conditions),
    );
    const pairs = new Set(set.records.map(({ label, condition }) => `${label} ${condition ?? ''}`));
    expect(pairs.size).toBe(count);
    const last = count - 1;
    expect(await open().image(last)).toEqual(await set.image(last));
  });

  it('draws the same bytes of every set', async () => {
    const digests: { [set: string]: string } = {};
    for (const { name } of oodSets) {
      digests[name] = await digest(openShapesOod({ set: name, size: 32, count: 20, seed: 0 }));
    }
    expect(digests).toMatchInlineSnapshot(`
      {
        "colour": "9bd3b687d9165bb4",
        "contrast": "d5a3db1454317e61",
        "cue-conflict": "053d3077938ee674",
        "edge": "2b5051f58e82e887",
        "eidolonI": "8409e4cbb5f50eca",
        "eidolonII": "50205b5bf68f5cd4",
        "eidolonIII": "10ae931d2e3f4294",
        "false-colour": "f124603bac4cea2f",
        "high-pass": "132381e0cbaafd01",
        "low-pass": "cdad3210f3832ff4",
        "phase-scrambling": "9aae7da572f7f45b",
        "power-equalisation": "80255b34c9ca4477",
        "rotation": "62d9fdc94235e1fc",
        "silhouette": "542b322fad77caeb",
        "sketch": "0d9feb979be63ebf",
        "stylized": "f681b547064b085a",
        "uniform-noise": "5cb40b0fe55ce919",
      }
    `);
  });

  it('silhouettes are black on white; edges and sketches are dark lines on light', async () => {
    const [silhouette, edge, sketch] = await Promise.all(
      ['silhouette', 'edge', 'sketch'].map((set) =>
        openShapesOod({ set, size: 96, count: 16, seed: 0 }).image(1),
      ),
    );
    expect(new Set(silhouette!.data)).toEqual(new Set([0, 255]));
    for (const lines of [edge!, sketch!]) {
      expect(darkShare(lines)).toBeGreaterThan(0.005);
      expect(darkShare(lines)).toBeLessThan(darkShare(silhouette!));
    }
  });

  it('cue conflicts never pair a category with itself, and pair all others once in 240', () => {
    const { records } = openShapesOod({ set: 'cue-conflict', size: 32, count: 240, seed: 0 });
    const pairs = records.map(({ label, texture }) => `${categories[label]!} ${texture!}`);
    expect(new Set(pairs).size).toBe(240);
    expect(pairs.every((pair) => pair.split(' ')[0] !== pair.split(' ')[1])).toBe(true);
    expect(conflictingTexture(0)).toBe('bear');
  });
});

function darkShare({ data }: Raster): number {
  return data.reduce((sum, value) => sum + (value < 128 ? 1 : 0), 0) / data.length;
}

function columnsOf(mask: { width: number; data: Uint8Array }): readonly [number, number] {
  const xs = Array.from(mask.data, (value, at) => (value > 0 ? at % mask.width : -1)).filter((x) => x >= 0);
  return [Math.min(...xs), Math.max(...xs) + 1];
}

function rowsOf(mask: { width: number; data: Uint8Array }): readonly [number, number] {
  const ys = Array.from(mask.data, (value, at) => (value > 0 ? Math.floor(at / mask.width) : -1)).filter(
    (y) => y >= 0,
  );
  return [Math.min(...ys), Math.max(...ys) + 1];
}
