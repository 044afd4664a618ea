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
  readonly raises?: string;
  readonly dinoseg?: boolean;
}

const { cases } = referenceJson('lost/feature_maps.json') as {
  readonly cases: { readonly [name: string]: LostCase };
};
const tensors = referenceTensors('lost/feature_maps.safetensors');
const lostCases = Object.entries(cases).filter(([, each]) => each.dinoseg !== true);

function run(name: string, each: LostCase): LostResult {
  const [, count = 0, size = 0] = tensors.get(`${name}/feats`)!.shape;
  const [rows, columns] = each.dims;
  const features = { count, size, data: floats(tensors, `${name}/feats`) };
  return localiseObject({ features, rows, columns, k: each.k_patches });
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
    const [scaleY, scaleX] = each.scales;
    const [, imageHeight, imageWidth] = each.init_image_size;
    const { x0, y0, x1, y1 } = toPixels(result.box, { scaleX, scaleY, imageWidth, imageHeight });
    expect([x0, y0, x1, y1]).toEqual(each.box_xyxy);
    const votes = floats(tensors, `${name}/M`);
    const largest = Math.max(...votes.map(Math.abs));
    result.votes.forEach((vote, i) => expect(Math.abs(vote - votes[i]!) / largest).toBeLessThan(1e-6));
  });

  it.each(lostCases.filter(([, each]) => each.raises === undefined))(
    '%s: the backend counts the same degrees',
    async (name, each) => {
      await useTestBackend();
      const [, count = 0, size = 0] = tensors.get(`${name}/feats`)!.shape;
      const degrees = await degreesOnBackend({ count, size, data: floats(tensors, `${name}/feats`) });
      expect(degrees.map((degree) => 0 - degree)).toEqual(each.scores);
    },
  );

  it('calls a patch without features an error', () => {
    const result = run('zero_patch_4x5', cases['zero_patch_4x5']!);
    expect(result.kind).toBe('zero-feature');
  });

  it('has the affinities of the reference', () => {
    const expected = floats(tensors, 'random_7x9/A');
    const found = affinityOf({ count: 63, size: 12, data: floats(tensors, 'random_7x9/feats') });
    expected.forEach((value, i) => expect(found.row(Math.floor(i / 63))[i % 63]).toBeCloseTo(value, 5));
  });
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
    const [a, b] = normaliseAll([3, 5]);
    expect(a).toBeCloseTo(-1 / Math.sqrt(1 + 1e-5), 12);
    expect(b).toBeCloseTo(1 / Math.sqrt(1 + 1e-5), 12);
    expect([...normaliseAll([4, 4])]).toEqual([0, 0]);
  });
});
