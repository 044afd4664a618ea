import { describe, expect, it } from 'vitest';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { affinityOf } from '../../../vision/discovery/affinity.ts';
import { degreesOnBackend } from '../../../vision/discovery/degrees.ts';
import { useTestBackend } from '../../support/backend.ts';
import { componentAround } from '../../../vision/discovery/component.ts';
import { normaliseAll } from '../../../vision/discovery/layer-norm.ts';
import { localiseObject } from '../../../vision/discovery/lost.ts';
import type { LostResult } from '../../../vision/discovery/lost.ts';
import { toPixels } from '../../../vision/discovery/pixel-box.ts';

interface LostCase {
  readonly dims: readonly [number, number];
  readonly scales: readonly [number, number];
  readonly init_image_size: readonly [number, number, number];
  readonly k_patches: number;
  readonly box_xyxy: readonly [number, number, number, number];
  readonly box_feature_rows_cols_yxyx: readonly [number, number, number, number];
  readonly seed: number;
  readonly scores: readonly number[];
  readonly order: readonly number[];
  readonly similars: readonly number[];
  /** The box of the seed's own row of affinities. */
  readonly seed_only_box_xyxy: readonly [number, number, number, number];
  readonly raises?: string;
  readonly dinoseg?: boolean;
}

const { cases } = referenceJson('lost/feature_maps.json') as {
  readonly cases: { readonly [name: string]: LostCase };
};
const tensors = referenceTensors('lost/feature_maps.safetensors');
const lostCases = Object.entries(cases).filter(([, each]) => each.dinoseg !== true);

function run(name: string, each: LostCase, k = each.k_patches): LostResult {
  const [, count = 0, size = 0] = tensors.get(`${name}/feats`)!.shape;
  const [rows, columns] = each.dims;
  const features = { count, size, data: floats(tensors, `${name}/feats`) };
  return localiseObject({ features, rows, columns, k });
}

function inPixels(result: LostResult, each: LostCase): number[] {
  if (result.kind !== 'found') throw new Error(result.kind);
  const [scaleY, scaleX] = each.scales;
  const [, imageHeight, imageWidth] = each.init_image_size;
  const { x0, y0, x1, y1 } = toPixels(result.box, { scaleX, scaleY, imageWidth, imageHeight });
  return [x0, y0, x1, y1];
}

describe('LOST on the reference feature maps', () => {
  it.each(lostCases.filter(([, each]) => each.raises === undefined))('%s', (name, each) => {
    const result = run(name, each);
    if (result.kind !== 'found') throw new Error(result.kind);
    expect(result.seed).toBe(each.seed);
    // Their scores are minus the degree; `-0` and `0` are the same score.
    expect(result.degrees.map((degree) => 0 - degree)).toEqual(each.scores);
    expect(result.order).toEqual(each.order);
    expect(result.similar).toEqual(each.similars);
    const { top, left, bottom, right } = result.box;
    expect([top, left, bottom, right]).toEqual(each.box_feature_rows_cols_yxyx);
    expect(inPixels(result, each)).toEqual(each.box_xyxy);
    expect(inPixels(run(name, each, 1), each)).toEqual(each.seed_only_box_xyxy);
    const votes = floats(tensors, `${name}/M`);
    const largest = Math.max(...votes.map(Math.abs));
    result.votes.forEach((vote, i) => expect(Math.abs(vote - votes[i]!) / largest).toBeLessThan(1e-6));
  });

  it.each(lostCases.filter(([, each]) => each.raises === undefined))(
    '%s: the backend counts the same degrees',
    async (name, each) => {
      await useTestBackend();
      const [, count = 0, size = 0] = tensors.get(`${name}/feats`)!.shape;
      const [degrees] = await degreesOnBackend([{ count, size, data: floats(tensors, `${name}/feats`) }]);
      expect(degrees!.map((degree) => 0 - degree)).toEqual(each.scores);
    },
  );

  it('calls a patch without features an error', () => {
    const result = run('zero_patch_4x5', cases['zero_patch_4x5']!);
    expect(result.kind).toBe('zero-feature');
  });

  it.each([Number.NaN, Infinity, -Infinity])('names a patch with %d among its features', (bad) => {
    const data = Float32Array.of(1, 2, 2, 1, -1, 2, 1, 1);
    data[5] = bad;
    const features = { count: 4, size: 2, data };
    for (const degrees of [[3, 3, 1, 3], undefined]) {
      const request = { features, rows: 2, columns: 2, ...(degrees === undefined ? {} : { degrees }) };
      expect(localiseObject(request)).toEqual({ kind: 'infinite-feature', patch: 2 });
    }
  });

  it.each(lostCases.filter(([name]) => tensors.has(`${name}/A`)))(
    '%s has the affinities of the reference',
    (name) => {
      const expected = floats(tensors, `${name}/A`);
      const [, count = 0, size = 0] = tensors.get(`${name}/feats`)!.shape;
      const found = affinityOf({ count, size, data: floats(tensors, `${name}/feats`) });
      expected.forEach((value, i) =>
        expect(found.of(Math.floor(i / count), [i % count])[0]).toBeCloseTo(value, 5),
      );
    },
  );
});

describe('componentAround', () => {
  it('follows edges, not corners, and does not wrap around rows', () => {
    const grid = ['#..#', '##.#', '..#.'].join('');
    const isInside = (cell: number): boolean => grid[cell] === '#';
    const box = componentAround({ isInside, start: 0, rows: 3, columns: 4 });
    expect(box).toEqual({ top: 0, left: 0, bottom: 2, right: 2 });
  });
});

describe('normaliseAll', () => {
  it('brings mean 0 and variance 1, over the biased variance plus epsilon', () => {
    const [a, b] = normaliseAll(Float32Array.of(3, 5));
    expect(a).toBeCloseTo(-1 / Math.sqrt(1 + 1e-5), 12);
    expect(b).toBeCloseTo(1 / Math.sqrt(1 + 1e-5), 12);
    expect([...normaliseAll(Float32Array.of(4, 4))]).toEqual([0, 0]);
  });
});
